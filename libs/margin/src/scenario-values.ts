import { DomainError, type Settlement } from '@ballast/domain';
import type { ValuedContract } from './instrument-valuation';
import type { ValueScenarios } from './option-terms';
import type { SharedContracts } from './shared-contracts';

/** A state of the market as one option meets it: the price of the underlying times a factor, and a volatility. */
export interface OptionShock {
  /** 1 = unshocked, 0.85 = −15 %, ≥ 0. */
  readonly priceFactor: number;
  /** [1/√year], ≥ 0 */
  readonly volatility: number;
}

/** Values of one option contract per unit of underlying [instrument currency]. */
export interface OptionScenarioValues {
  readonly base: number;
  /** In the order of the shocks. */
  readonly shocked: Float64Array;
}

/**
 * Values option contracts at their base and under shocks, every contract once.
 *
 * The first state handed to `valueScenarios` is the unshocked one, so that an approximation knows where to expand.
 *
 * @param requests  option contracts, each with its own shocks, which are asked for only where values are missing
 * @param shared    values of earlier portfolios under the same shocks, read and added to
 * @returns aligned with the requests
 * @throws DomainError 'NOT_FINITE' when a model fails in a state, which a maximum over scenarios would silently skip
 */
export function valueOptionShocks(
  requests: readonly { readonly contract: ValuedContract; readonly shocks: () => readonly OptionShock[] }[],
  valueScenarios: ValueScenarios,
  shared?: Pick<SharedContracts, 'optionValues'>,
): readonly OptionScenarioValues[] {
  const known = shared?.optionValues ?? new Map<ValuedContract, OptionScenarioValues>();
  const missing = requests.filter(({ contract }) => !known.has(contract));
  const valuations = missing.map(({ contract, shocks }) => {
    const { option, spot, yearsToExpiry } = contract;
    if (option === undefined) throw new Error(`${contract.instrument.id} is no option`);
    const states = [{ priceFactor: 1, volatility: option.volatility }, ...shocks()];
    return {
      terms: option.terms,
      spots: Float64Array.from(states, ({ priceFactor }) => spot * priceFactor),
      yearsToExpiry: new Float64Array(states.length).fill(yearsToExpiry),
      volatilities: Float64Array.from(states, ({ volatility }) => volatility),
    };
  });
  const computed = valueScenarios(valuations);
  missing.forEach(({ contract }, index) => {
    const values = computed[index] as Float64Array;
    requireFinite(values, contract.instrument.id);
    known.set(contract, { base: values[0] as number, shocked: values.subarray(1) });
  });
  return requests.map(({ contract }) => known.get(contract) as OptionScenarioValues);
}

function requireFinite(values: Float64Array, id: string): void {
  const failed = values.findIndex((value) => !Number.isFinite(value));
  if (failed < 0) return;
  const state = failed === 0 ? 'at its base' : `in state ${failed}`;
  throw new DomainError('NOT_FINITE', `${id}: the value ${state} is ${values[failed]}`, id);
}

/**
 * Computes the profit of one unit long of a contract without optionality when its price moves by a fraction: linear
 * price · m in quote currency, inverse 1 − 1/(1 + m) in coin (methodology §3.1).
 *
 * @param move  relative price move, > −1
 * @returns gain > 0 [instrument currency per unit]
 *
 * @example
 * linearPnl({ settlement: 'inverse', price: 65910.57 }, -0.16) // −0.19047619047619047
 */
export function linearPnl(contract: { readonly settlement: Settlement; readonly price: number }, move: number): number {
  return contract.settlement === 'inverse' ? 1 - 1 / (1 + move) : contract.price * move;
}
