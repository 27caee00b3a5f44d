import type { Instant, Instrument, MarketSnapshot, Methodology } from '@ballast/domain';
import type { ContractValuation, ValuedContract } from './instrument-valuation';
import type { BookPreparation } from './margin-book';
import type { MarginInput, MarginMethod } from './margin-method';
import type { MarginRequirement } from './margin-requirement';
import type { ValueScenarios } from './option-terms';
import { shareContracts, type SharedContracts } from './shared-contracts';
import { cryptoPmMethod } from './crypto/crypto-pm-method';
import { cryptoPmrmMethod } from './crypto/crypto-pmrm-method';
import { sensitivityMethod } from './sensitivity/sensitivity-method';
import { spanMethod } from './span/span-method';
import { timsMethod } from './tims/tims-method';

/**
 * A methodology whose parameters are read and kept: computes requirements of many portfolios.
 *
 * Portfolios on one snapshot object share the valuation of their contracts for as long as that object lives: a run
 * hands in the same snapshot and the same instruments every time. The figures are those of each portfolio alone.
 */
export type PreparedMethod = (input: Omit<MarginInput<never>, 'parameters' | 'shared'>) => MarginRequirement;

/** A prepared methodology for analyses, which ask for many portfolios and quantities; its members share valuations. */
export interface PreparedAnalysis {
  readonly computeRequirement: PreparedMethod;
  readonly prepareBook: (input: Omit<MarginInput<never>, 'parameters' | 'shared'>) => BookPreparation;
  /**
   * Hands over contracts that were valued on a snapshot as this methodology values them, so that neither of the above
   * values them again.
   */
  readonly adoptContracts: (
    input: Omit<MarginInput<never>, 'parameters' | 'shared'>,
    contracts: Iterable<ValuedContract>,
  ) => void;
}

/** Binds a methodology to parameters; the caller needs not know their type. */
export type MethodPreparation = (overrides: unknown, asOf: Instant) => PreparedAnalysis;

/** Every methodology of the service, by its contract name; a new one is one more line. */
const preparations: Readonly<Record<Methodology, MethodPreparation>> = {
  SPAN: prepare(spanMethod),
  TIMS: prepare(timsMethod),
  CRYPTO_PM: prepare(cryptoPmMethod),
  CRYPTO_PMRM: prepare(cryptoPmrmMethod),
  SENSITIVITY: prepare(sensitivityMethod),
};

/**
 * Reads parameters once for many portfolios of one methodology.
 *
 * @param input.parameters  raw overrides, keys as docs/methodology.md lists them; undefined = the published default set
 * @throws DomainError 'INVALID_PARAMETER' naming an unknown key or impossible value; 'PARAMETERS_MISSING'
 */
export function prepareMarginMethod(input: {
  readonly methodology: Methodology;
  readonly parameters: unknown;
  readonly asOf: Instant;
}): PreparedMethod {
  return prepareMarginAnalysis(input).computeRequirement;
}

/** Reads parameters as `prepareMarginMethod` does, for requirements and for books of ready risk arrays. */
export function prepareMarginAnalysis(input: {
  readonly methodology: Methodology;
  readonly parameters: unknown;
  readonly asOf: Instant;
}): PreparedAnalysis {
  return preparations[input.methodology](input.parameters ?? {}, input.asOf);
}

function prepare<Parameters>(method: MarginMethod<Parameters>): MethodPreparation {
  return (overrides, asOf) => {
    const parameters = method.parseParameters(overrides, asOf);
    const sharedBy = sharedContractsBySnapshot();
    return {
      computeRequirement: (input) => method.computeRequirement({ ...input, parameters, shared: sharedBy(input) }),
      prepareBook: (input) => method.prepareBook({ ...input, parameters, shared: sharedBy(input) }),
      adoptContracts: (input, contracts) => {
        if (method.valuesInOwnMarket === true) return;
        const { valuations } = sharedBy(input);
        const { baseCurrency } = input.portfolio;
        const known = valuations.get(baseCurrency) ?? new Map<Instrument, ContractValuation>();
        valuations.set(baseCurrency, known);
        for (const contract of contracts) known.set(contract.instrument, { status: 'valued', contract });
      },
    };
  };
}

/** Keeps what portfolios share per snapshot, valuation time and valuation function; a snapshot takes its own along. */
function sharedContractsBySnapshot(): (input: Omit<MarginInput<never>, 'parameters'>) => SharedContracts {
  interface Kept {
    readonly asOf: Instant;
    readonly valueScenarios: ValueScenarios | undefined;
    readonly shared: SharedContracts;
  }
  const keptBySnapshot = new WeakMap<MarketSnapshot, Kept[]>();
  return ({ snapshot, portfolio: { asOf }, valueScenarios }) => {
    const kept = keptBySnapshot.get(snapshot) ?? [];
    const found = kept.find((one) => one.asOf === asOf && one.valueScenarios === valueScenarios);
    if (found !== undefined) return found.shared;
    const shared = shareContracts();
    kept.push({ asOf, valueScenarios, shared });
    keptBySnapshot.set(snapshot, kept);
    return shared;
  };
}
