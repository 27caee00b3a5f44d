import { DomainError, type Settlement } from '@ballast/domain';
import type { ValuedContract } from './instrument-valuation';
import type { OptionScenarioValues } from './option-scenario-values';
import type { ScenarioValuation, ValueScenarios } from './option-terms';
import type { SharedContracts } from './shared-contracts';

/** A state of the market as one option meets it: the price of the underlying times a factor, and a volatility. */
export interface OptionShock {
  /** 1 = unshocked, 0.85 = −15 %, ≥ 0. */
  readonly priceFactor: number;
  /** [1/√year], ≥ 0 */
  readonly volatility: number;
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
    return { terms: option.terms, ...statesOf({ spot, yearsToExpiry, volatility: option.volatility }, shocks()) };
  });
  const computed = valueScenarios(valuations);
  missing.forEach(({ contract }, index) => {
    const values = computed[index] as Float64Array;
    requireFinite(values, contract.instrument.id);
    known.set(contract, { base: values[0] as number, shocked: values.subarray(1) });
  });
  return requests.map(({ contract }) => known.get(contract) as OptionScenarioValues);
}

/** The unshocked state, then one per shock. Loops: a mapping from one array into another of numbers costs as much as a price. */
function statesOf(
  now: { readonly spot: number; readonly yearsToExpiry: number; readonly volatility: number },
  shocks: readonly OptionShock[],
): Omit<ScenarioValuation, 'terms'> {
  const count = shocks.length + 1;
  const [spots, volatilities] = [new Float64Array(count), new Float64Array(count)];
  spots[0] = now.spot;
  volatilities[0] = now.volatility;
  for (let index = 1; index < count; index += 1) {
    const { priceFactor, volatility } = shocks[index - 1] as OptionShock;
    spots[index] = now.spot * priceFactor;
    volatilities[index] = volatility;
  }
  return { spots, yearsToExpiry: new Float64Array(count).fill(now.yearsToExpiry), volatilities };
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
