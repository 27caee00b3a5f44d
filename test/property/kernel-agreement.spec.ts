import { exp, plainPricingBatch, type BlackScholesColumns, type MarketScenario } from '@ballast/pricing';
import { createKernelPricingBatch, createKernelRows } from '@ballast/revaluation';
import { sixteenScenarios } from '../support/fixed-batch';
import { measureAgreement, quantities } from '../support/kernel-agreement';
import { buildKernelCases, createResults } from '../support/kernel-cases';

const ROWS = 50_000;
const rows = buildKernelCases(ROWS, 11);
const kernel = createKernelPricingBatch();

describe('the SIMD kernel against the scalar functions', () => {
  it('agrees on 50,000 Black-Scholes rows, tails and limits among them', () => {
    const results = createResults(ROWS);
    const reference = createResults(ROWS);
    const report = kernel.computeBlackScholesBatch(rows, results);
    expect(report).toEqual(plainPricingBatch.computeBlackScholesBatch(rows, reference));
    expect(report.badCount).toBeGreaterThan(400);
    const worst = measureAgreement(rows, results, reference);
    for (const quantity of quantities) expect([quantity, worst[quantity].ratio]).toEqual([quantity, atMost(1)]);
  });

  it('agrees on 50,000 Black-76 rows', () => {
    const { spot, strike, yearsToExpiry, rate, volatility, right } = rows;
    const futures = { forward: spot, strike, yearsToExpiry, rate, volatility, right };
    const results = createResults(ROWS);
    const reference = createResults(ROWS);
    const report = kernel.computeBlack76Batch(futures, results);
    expect(report).toEqual(plainPricingBatch.computeBlack76Batch(futures, reference));
    const worst = measureAgreement(rows, results, reference, { futures: true });
    for (const quantity of quantities) expect([quantity, worst[quantity].ratio]).toEqual([quantity, atMost(1)]);
  });

  it('gives prices alone the bits of prices with sensitivities', () => {
    const results = createResults(ROWS);
    const price = new Float64Array(ROWS);
    kernel.computeBlackScholesBatch(rows, results);
    kernel.computeBlackScholesPrices(rows, price);
    expect(firstDifference(price, results.price)).toBe(-1);
  });

  it('never prices below zero or below the arbitrage bound', () => {
    const results = createResults(ROWS);
    kernel.computeBlackScholesBatch(rows, results);
    for (let row = 0; row < ROWS; row++) {
      const price = results.price[row] as number;
      if (price !== price) continue;
      const bound = lowerBound(rows, row);
      if (price < 0 || price < bound.value - 1e-15 * bound.scale)
        throw new Error(`row ${row}: ${price} < ${bound.value}`);
    }
  });

  it('leaves no ordinary row to the scalar functions', () => {
    const kernelRows = createKernelRows(ROWS);
    for (const name of Object.keys(rows) as (keyof BlackScholesColumns)[]) kernelRows.inputs[name].set(rows[name]);
    const flagged = Array.from(kernelRows.value('blackScholesRows', ROWS));
    // Of every hundred rows the first 70 are markets and the money, the last two limits (see buildKernelCases).
    expect(flagged.filter((row) => row % 100 < 70)).toEqual([]);
    expect(flagged.filter((row) => row % 100 >= 98)).toHaveLength(ROWS / 50);
  });
});

describe('scenario grids of the kernel against the scalar functions', () => {
  const contracts = buildKernelCases(4_000, 13);
  const count = contracts.spot.length;

  it.each<[string, readonly MarketScenario[]]>([
    ['sixteen scenarios', sixteenScenarios],
    ['every volatility convention, look-aheads and the loss of everything', mixedScenarios()],
  ])('agrees on %s', (_title, scenarios) => {
    for (const outcome of ['price', 'loss'] as const) {
      const results = new Float64Array(count * scenarios.length);
      const reference = new Float64Array(count * scenarios.length);
      const report = kernel.valueScenarioGrid(contracts, scenarios, outcome, results);
      expect(report).toEqual(plainPricingBatch.valueScenarioGrid(contracts, scenarios, outcome, reference));
      const allowed = outcome === 'loss' ? 2e-15 : 1e-15;
      expect(worstScenario(contracts, scenarios, results, reference) / allowed).toEqual(atMost(1));
    }
  });

  it('counts losses from a given base and reports a base that is no number', () => {
    const baseValue = Float64Array.from({ length: count }, (_, row) => (row === 5 ? NaN : row));
    const results = new Float64Array(count * 16);
    const reference = new Float64Array(count * 16);
    const given = { ...contracts, baseValue };
    const report = kernel.valueScenarioGrid(given, sixteenScenarios, 'loss', results);
    expect(report).toEqual(plainPricingBatch.valueScenarioGrid(given, sixteenScenarios, 'loss', reference));
    expect(report.badRows).toContain(5);
    expect(worstScenario(contracts, sixteenScenarios, results, reference, baseValue) / 1e-15).toEqual(atMost(1));
  });
});

/** Three look-aheads, all shift conventions, shocks inside and outside the range the lanes take. */
function mixedScenarios(): MarketScenario[] {
  const shifts = [
    { convention: 'multiplicative', amount: 0.28 },
    { convention: 'additive', amount: -0.05 },
    { convention: 'absolute', amount: 0.4 },
    { convention: 'term-scaled', amount: 0.5, power: 0.3, daysMinimum: 1 },
  ] as const;
  const grid = [0, 1 / 365, 0.02].flatMap((lookAheadYears) =>
    shifts.flatMap((volatilityShift) =>
      [-0.15, 0.02, 0.3].map((spotShock) => ({ spotShock, volatilityShift, lookAheadYears })),
    ),
  );
  return [...grid, { spotShock: -1, volatilityShift: shifts[0], lookAheadYears: 0 }];
}

/** Largest |difference| relative to max(spot, shocked spot, strike, both discounted). */
function worstScenario(
  contracts: BlackScholesColumns,
  scenarios: readonly MarketScenario[],
  results: Float64Array,
  reference: Float64Array,
  baseValue?: Float64Array,
): number {
  let worst = 0;
  for (let index = 0; index < results.length; index++) {
    const value = results[index] as number;
    const expected = reference[index] as number;
    if (value === expected || (value !== value && expected !== expected)) continue;
    const row = Math.floor(index / scenarios.length);
    const scenario = scenarios[index % scenarios.length] as MarketScenario;
    const base = Math.abs(baseValue?.[row] ?? 0);
    const ratio = Math.abs(value - expected) / (base + shockedScale(contracts, row, 1 + scenario.spotShock));
    if (!(ratio <= worst)) worst = ratio;
  }
  return worst;
}

function shockedScale(contracts: BlackScholesColumns, row: number, factor: number): number {
  const spot = (contracts.spot[row] as number) * Math.max(1, factor);
  const strike = contracts.strike[row] as number;
  const years = contracts.yearsToExpiry[row] as number;
  const spotNow = spot * exp(-(contracts.dividendYield[row] as number) * years);
  return Math.max(spot, strike, spotNow, strike * exp(-(contracts.rate[row] as number) * years));
}

function lowerBound(columns: BlackScholesColumns, row: number): { value: number; scale: number } {
  const years = columns.yearsToExpiry[row] as number;
  const spotNow = (columns.spot[row] as number) * exp(-(columns.dividendYield[row] as number) * years);
  const strikeNow = (columns.strike[row] as number) * exp(-(columns.rate[row] as number) * years);
  const value = (columns.right[row] as number) * (spotNow - strikeNow);
  return { value, scale: Math.max(spotNow, strikeNow) };
}

function firstDifference(a: Float64Array, b: Float64Array): number {
  return a.findIndex((value, index) => !Object.is(value, b[index]));
}

/** Matches a number ≤ bound, so that a failure shows the number. */
function atMost(bound: number): unknown {
  return {
    asymmetricMatch: (value: unknown) => typeof value === 'number' && value <= bound,
    toString: () => `at most ${bound}`,
    getExpectedType: () => 'number',
    toAsymmetricMatcher: () => `at most ${bound}`,
  };
}
