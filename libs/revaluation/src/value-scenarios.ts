/**
 * `valueScenarios` for the margin methodologies: all states of all contracts in one batch.
 */
import {
  forwardOf,
  valueOption,
  type OptionState,
  type OptionTerms,
  type ScenarioValuation,
  type ValueScenarios,
} from '@ballast/margin';
import { createAmericanPricer, type BlackScholesColumns, type PricingBatch } from '@ballast/pricing';

/**
 * Creates the batch form of `valueOption`.
 *
 * Lognormal European contracts, linear or coin-settled, go through the batch together; American contracts share one
 * exercise boundary per volatility; the other models are valued state by state. Agrees with `valueOption` as the batch
 * agrees with the scalar functions.
 *
 * @param batch  see `selectPricingBatch`
 * @returns ValueScenarios; throws what `valueOption` throws for the first inadmissible state
 */
export function createValueScenarios(batch: PricingBatch): ValueScenarios {
  return (contracts) => {
    const values = contracts.map(({ spots }) => new Float64Array(spots.length));
    valueLognormal(batch, contracts, values);
    contracts.forEach((contract, index) => {
      if (!isLognormal(contract.terms)) valueStates(contract, values[index] as Float64Array);
    });
    return values;
  };
}

/** A coin-settled contract is Black-76 on its forward whatever its model. */
function isLognormal({ settlement, model }: OptionTerms): boolean {
  return settlement === 'inverse' || model === 'black-scholes' || model === 'black76';
}

function valueLognormal(batch: PricingBatch, contracts: readonly ScenarioValuation[], values: Float64Array[]): void {
  const lognormal = contracts.map((contract, index) => ({ contract, index }));
  const kept = lognormal.filter(({ contract }) => isLognormal(contract.terms));
  const count = kept.reduce((sum, { contract }) => sum + contract.spots.length, 0);
  const rows = createRows(count);
  let start = 0;
  for (const { contract } of kept) start = fillRows(rows, contract, start);
  const prices = new Float64Array(count);
  const { badRows } = batch.computeBlackScholesPrices(rows, prices);
  const bad = new Set(badRows);
  let row = 0;
  for (const { contract, index } of kept) {
    const target = values[index] as Float64Array;
    for (let state = 0; state < target.length; state += 1, row += 1) {
      target[state] = bad.has(row) ? valueOption(contract.terms, stateAt(contract, state)) : price(contract, row);
    }
  }

  function price({ terms }: ScenarioValuation, place: number): number {
    const value = prices[place] as number;
    if (terms.settlement !== 'inverse') return value;
    const forward = rows.spot[place] as number;
    if (forward > 0) return value / forward;
    return terms.right === 'call' ? 0 : Infinity;
  }
}

function createRows(count: number): BlackScholesColumns {
  const column = () => new Float64Array(count);
  return {
    ...{ spot: column(), strike: column(), yearsToExpiry: column(), rate: column() },
    ...{ dividendYield: column(), volatility: column(), right: column() },
  };
}

/** Writes a contract's states from row `start` on; returns the row after them. */
function fillRows(rows: BlackScholesColumns, contract: ScenarioValuation, start: number): number {
  const { terms, spots, yearsToExpiry, volatilities } = contract;
  const end = start + spots.length;
  const inverse = terms.settlement === 'inverse';
  rows.spot.set(spots, start);
  if (inverse) {
    for (let row = start; row < end; row += 1) rows.spot[row] = forwardOf(terms, stateAt(contract, row - start));
  }
  rows.strike.fill(terms.strike, start, end);
  rows.yearsToExpiry.set(yearsToExpiry, start);
  rows.rate.fill(inverse ? 0 : terms.rate, start, end);
  rows.dividendYield.fill(inverse ? 0 : terms.dividendYield, start, end);
  rows.volatility.set(volatilities, start);
  rows.right.fill(terms.right === 'call' ? 1 : -1, start, end);
  return end;
}

function valueStates(contract: ScenarioValuation, target: Float64Array): void {
  const { terms } = contract;
  const priceAmerican = terms.model === 'american-alo' ? createAmericanPricer('accurate') : null;
  for (let index = 0; index < target.length; index += 1) {
    const state = stateAt(contract, index);
    target[index] = priceAmerican === null ? valueOption(terms, state) : priceAmerican({ ...terms, ...state });
  }
}

function stateAt({ spots, yearsToExpiry, volatilities }: ScenarioValuation, index: number): OptionState {
  return {
    spot: spots[index] as number,
    yearsToExpiry: yearsToExpiry[index] as number,
    volatility: volatilities[index] as number,
  };
}
