import type { Instant, MarketSnapshot, Methodology } from '@ballast/domain';
import type { BookPreparation } from './margin-book';
import type { MarginRequirement } from './margin-requirement';
import type { ValueScenarios } from './option-terms';
import type { Portfolio } from './portfolio';
import type { SharedContracts } from './shared-contracts';

/** Input of a methodology whose parameters have been parsed. */
export interface MarginInput<Parameters> {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly parameters: Parameters;
  /** Values option contracts under scenarios; the plain TypeScript models when absent. The batch engine hands in its kernel. */
  readonly valueScenarios?: ValueScenarios;
  /** What earlier portfolios on this snapshot and these parameters left to read; absent: everything is computed anew. */
  readonly shared?: SharedContracts;
}

/**
 * The one shape of a methodology: a pure function and the parser of its parameters.
 * A new methodology is a new folder that exports one of these, and one line in margin-methods.ts.
 */
export interface MarginMethod<Parameters> {
  readonly methodology: Methodology;
  /**
   * Reads overrides key by key over the published default set in force at `asOf`.
   * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or an impossible value
   */
  readonly parseParameters: (overrides: unknown, asOf: Instant) => Parameters;
  readonly computeRequirement: (input: MarginInput<Parameters>) => MarginRequirement;
  /** Values the contracts of a portfolio once, for the requirement at many quantities of them. */
  readonly prepareBook: (input: MarginInput<Parameters>) => BookPreparation;
  /** Contracts are valued in a market that the methodology derives from the snapshot, so that no one else values them. */
  readonly valuesInOwnMarket?: true;
}
