import { americanAlo } from './american-alo';
import { valueAmericanScenarioGrid } from './batch-american-grid';
import type { MarketScenario } from './batch-scenario-grid';

const contracts = {
  spot: Float64Array.of(100, 100, 100),
  strike: Float64Array.of(100, 90, 90),
  yearsToExpiry: Float64Array.of(0.5, 0.25, 1),
  rate: Float64Array.of(0.05, 0.05, 0.05),
  dividendYield: Float64Array.of(0.02, 0.06, 0),
  volatility: Float64Array.of(0.25, 0.3, -0.1),
  right: Float64Array.of(-1, 1, 1),
};

const scenarios: readonly MarketScenario[] = [-0.15, 0, 0.15].flatMap((spotShock) =>
  [0.25, -0.25].map((amount) => ({
    spotShock,
    volatilityShift: { convention: 'multiplicative', amount },
    lookAheadYears: 1 / 365,
  })),
);

describe('valueAmericanScenarioGrid', () => {
  it('equals americanAlo at the shocked inputs and reports the bad contract', () => {
    const prices = new Float64Array(18);
    const report = valueAmericanScenarioGrid({ contracts, scenarios, outcome: 'price', mode: 'fast' }, prices);
    expect(report).toEqual({ badCount: 1, badRows: [2] });
    scenarios.forEach(({ spotShock, volatilityShift, lookAheadYears }, index) => {
      const expected = americanAlo({
        ...{ right: 'put', strike: 100, rate: 0.05, dividendYield: 0.02, mode: 'fast' },
        spot: 100 * (1 + spotShock),
        yearsToExpiry: 0.5 - lookAheadYears,
        volatility: 0.25 * (1 + volatilityShift.amount),
      });
      expect(prices[index]).toBeCloseTo(expected.price, 12);
    });
    expect(prices[12]).toBeNaN();
  });

  it('is never below exercise and counts losses from the American base price', () => {
    const losses = new Float64Array(18);
    valueAmericanScenarioGrid({ contracts, scenarios, outcome: 'loss', mode: 'accurate' }, losses);
    const option = { right: 'put', spot: 100, strike: 100, yearsToExpiry: 0.5, rate: 0.05 } as const;
    const base = americanAlo({ ...option, dividendYield: 0.02, volatility: 0.25 }).price;
    // Spot −15 %: the put is worth at least 15.
    expect(losses[0]).toBeLessThanOrEqual(base - 15 + 1e-12);
    expect(losses[0]).toBeGreaterThan(base - 20);
  });

  it('refuses a grid of the wrong size', () => {
    const input = { contracts, scenarios, outcome: 'price', mode: 'fast' } as const;
    expect(() => valueAmericanScenarioGrid(input, new Float64Array(17))).toThrow(
      'outcomes.length must be 3 contracts × 6',
    );
  });
});
