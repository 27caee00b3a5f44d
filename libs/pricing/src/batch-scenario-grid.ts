/**
 * Contracts × scenarios: every contract valued under every shock of spot and volatility, in the plain form that every
 * accelerated one must agree with.
 */
import { requireBlackScholesColumns, requireOneLength } from './batch-check';
import type { BatchReport, BlackScholesColumns } from './batch-columns';
import { admissibleOrNull, blackScholesRow } from './batch-row';
import { requireVolatilityShift, shiftVolatility, type VolatilityShift } from './batch-volatility-shift';
import { blackScholesPrice, type BlackScholesInput } from './black-scholes';
import { PricingInputError, requireFinite, requireNonNegative, requireVolatility } from './pricing-input-error';

/** One scenario of the market. */
export interface MarketScenario {
  /** Relative move of the spot, −0.15 = −15 %; ≥ −1. */
  readonly spotShock: number;
  readonly volatilityShift: VolatilityShift;
  /** Time that passes before the valuation [year] ≥ 0; an option that expires meanwhile is worth its intrinsic value. */
  readonly lookAheadYears: number;
}

/** The contracts of a grid; an option on a future has dividendYield = rate. */
export interface ScenarioGridContracts extends BlackScholesColumns {
  /** Value from which a loss counts [currency/unit]; the contract's unshocked model price when absent. */
  readonly baseValue?: Float64Array;
}

/** price: value in the scenario. loss: base value − value in the scenario, of one unit long; gains are negative. */
export type ScenarioOutcome = 'price' | 'loss';

/**
 * Values every contract in every scenario with S′ = S·(1 + shock), σ′ = shift(σ), T′ = max(0, T − look-ahead).
 *
 * @param outcomes  contract-major: scenario j of contract i at i·scenarios.length + j [currency/unit]
 * @returns the contracts with an inadmissible input, whose outcomes are all NaN
 * @throws PricingInputError when columns differ in length, `outcomes` is not contracts × scenarios long, or a scenario
 *         is not admissible
 */
export function valueScenarioGrid(
  contracts: ScenarioGridContracts,
  scenarios: readonly MarketScenario[],
  outcome: ScenarioOutcome,
  outcomes: Float64Array,
): BatchReport {
  const count = requireScenarioGrid(contracts, scenarios, outcome, outcomes);
  const badRows: number[] = [];
  for (let row = 0; row < count; row++) {
    if (!writeScenarioRow(contracts, scenarios, outcome, outcomes, row)) badRows.push(row);
  }
  return { badCount: badRows.length, badRows };
}

/**
 * Values one contract in every scenario with a given model; returns whether its inputs are admissible.
 *
 * @param priceOption  the model, Black-Scholes if absent
 */
export function writeScenarioRow(
  contracts: ScenarioGridContracts,
  scenarios: readonly MarketScenario[],
  outcome: ScenarioOutcome,
  outcomes: Float64Array,
  row: number,
  priceOption: (option: BlackScholesInput) => number = blackScholesPrice,
): boolean {
  const start = row * scenarios.length;
  const admissible = admissibleOrNull(() => {
    const contract = blackScholesRow(contracts, row);
    requireAdmissible(contract);
    const base = outcome === 'loss' ? (contracts.baseValue?.[row] ?? priceOption(contract)) : 0;
    requireFinite('baseValue', base);
    for (let index = 0; index < scenarios.length; index++) {
      const { spotShock, volatilityShift, lookAheadYears } = scenarios[index]!;
      const price = priceOption({
        spot: contract.spot * (1 + spotShock),
        strike: contract.strike,
        yearsToExpiry: Math.max(0, contract.yearsToExpiry - lookAheadYears),
        rate: contract.rate,
        dividendYield: contract.dividendYield,
        volatility: shiftVolatility(volatilityShift, contract),
        right: contract.right,
      });
      outcomes[start + index] = outcome === 'loss' ? base - price : price;
    }
    return true;
  });
  if (admissible === null) outcomes.fill(NaN, start, start + scenarios.length);
  return admissible !== null;
}

/** The contract itself, as a shock or a look-ahead may hide what is wrong with it. */
function requireAdmissible(contract: BlackScholesInput): void {
  requireNonNegative('spot', contract.spot);
  requireNonNegative('strike', contract.strike);
  requireNonNegative('yearsToExpiry', contract.yearsToExpiry);
  requireFinite('rate', contract.rate);
  requireFinite('dividendYield', contract.dividendYield);
  requireVolatility('volatility', contract.volatility);
}

/** Checks a grid and returns the number of its contracts. */
export function requireScenarioGrid(
  contracts: ScenarioGridContracts,
  scenarios: readonly MarketScenario[],
  outcome: ScenarioOutcome,
  outcomes: Float64Array,
): number {
  const count = requireBlackScholesColumns(contracts);
  if (contracts.baseValue !== undefined) requireOneLength(['baseValue'], { baseValue: contracts.baseValue }, count);
  if (outcome !== 'price' && outcome !== 'loss') {
    throw new PricingInputError('outcome', outcome, "must be 'price' or 'loss'");
  }
  if (outcomes.length !== count * scenarios.length) {
    const required = `must be ${count} contracts × ${scenarios.length} scenarios`;
    throw new PricingInputError('outcomes.length', outcomes.length, required);
  }
  for (const { spotShock, volatilityShift, lookAheadYears } of scenarios) {
    if (!(spotShock >= -1 && spotShock < Infinity)) throw new PricingInputError('spotShock', spotShock, 'must be ≥ −1');
    if (!(lookAheadYears >= 0 && lookAheadYears < Infinity)) {
      throw new PricingInputError('lookAheadYears', lookAheadYears, 'must be finite and ≥ 0');
    }
    requireVolatilityShift(volatilityShift);
  }
  return count;
}
