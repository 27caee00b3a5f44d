import type { Instrument } from '@ballast/domain';
import type { CryptoPmContract } from './crypto/crypto-pm-contract';
import type { ContractValuation, ValuedContract } from './instrument-valuation';
import type { RawGreeks } from './option-greeks';
import type { OptionScenarioValues } from './option-scenario-values';
import type { Sensitivity } from './portfolio';
import type { CellSensitivity } from './sensitivity/cell-sensitivity';
import type { SharedSpan } from './span/shared-span';

/**
 * What the portfolios of a run have in common. A contract is valued, differentiated and moved through the scenarios for
 * the first portfolio that holds it; every other one reads the same numbers, so that a firm's run costs its contracts
 * plus its positions times an addition per scenario.
 *
 * A value of one snapshot, one valuation time, one parameter set and one valuation function; it only remembers what any
 * portfolio alone would compute, so no figure depends on who came first.
 */
export interface SharedContracts {
  /** Valuation before any scenario, by base currency and contract. */
  readonly valuations: Map<string, Map<Instrument, ContractValuation>>;
  /** Raw Greeks per unit of underlying. */
  readonly greeks: Map<ValuedContract, RawGreeks>;
  /** Option values under the shocks of the methodology. */
  readonly optionValues: Map<ValuedContract, OptionScenarioValues>;
  readonly span: SharedSpan;
  /** Contracts of CRYPTO_PM with their profit per scenario. */
  readonly cryptoPm: Map<ValuedContract, CryptoPmContract>;
  /** Losses of one contract long at the points and test moves of TIMS [base currency]. */
  readonly timsLosses: Map<ValuedContract, Float64Array>;
  /** Sensitivities of one contract [USD]. */
  readonly sensitivities: Map<ValuedContract, readonly Sensitivity[]>;
  /** The same netted per name of a bucket. */
  readonly netSensitivities: WeakMap<readonly Sensitivity[], readonly CellSensitivity[]>;
}

/** Begins a run of portfolios: nothing is valued yet. */
export function shareContracts(): SharedContracts {
  return {
    valuations: new Map(),
    greeks: new Map(),
    optionValues: new Map(),
    span: { contracts: new Map(), commodities: new Map() },
    cryptoPm: new Map(),
    timsLosses: new Map(),
    sensitivities: new Map(),
    netSensitivities: new WeakMap(),
  };
}
