import type { MarketSnapshot, Methodology } from '@ballast/domain';
import type { MarginRequirement } from './margin-requirement';
import type { Portfolio } from './portfolio';

/** Input of a methodology whose parameters have been parsed. */
export interface MarginInput<Parameters> {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly parameters: Parameters;
}

/**
 * The one shape of a methodology: a pure function and the parser of its parameters.
 * A new methodology is a new folder that exports one of these, and one line in margin-methods.ts.
 */
export interface MarginMethod<Parameters> {
  readonly methodology: Methodology;
  /**
   * Reads overrides key by key over the published default set.
   * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or an impossible value
   */
  readonly parseParameters: (overrides: unknown) => Parameters;
  readonly computeRequirement: (input: MarginInput<Parameters>) => MarginRequirement;
}
