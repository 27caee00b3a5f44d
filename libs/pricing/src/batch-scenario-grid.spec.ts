import { valueScenarioGrid, type MarketScenario } from './batch-scenario-grid';
import { blackScholesPrice } from './black-scholes';

const contracts = {
  spot: Float64Array.of(100, 100, 100),
  strike: Float64Array.of(110, 90, 90),
  yearsToExpiry: Float64Array.of(0.5, 0.001, 1),
  rate: Float64Array.of(0.03, 0.03, 0.03),
  dividendYield: Float64Array.of(0.01, 0, 0),
  volatility: Float64Array.of(0.25, 0.3, NaN),
  right: Float64Array.of(1, -1, 1),
};

const scenarios: readonly MarketScenario[] = [
  { spotShock: 0, volatilityShift: { convention: 'multiplicative', amount: 0 }, lookAheadYears: 0 },
  { spotShock: -0.15, volatilityShift: { convention: 'multiplicative', amount: 0.3 }, lookAheadYears: 0 },
  { spotShock: -1, volatilityShift: { convention: 'additive', amount: 0.02 }, lookAheadYears: 1 / 365 },
];

const first = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.03, dividendYield: 0.01, volatility: 0.25 };

describe('valueScenarioGrid', () => {
  it('equals the scalar price at the shocked inputs', () => {
    const prices = new Float64Array(9);
    expect(valueScenarioGrid(contracts, scenarios, 'price', prices)).toEqual({ badCount: 1, badRows: [2] });
    expect(prices[0]).toBe(blackScholesPrice({ ...first, right: 'call' }));
    expect(prices[1]).toBe(
      blackScholesPrice({ ...first, spot: 100 * (1 + -0.15), volatility: 0.25 * 1.3, right: 'call' }),
    );
    expect(prices[2]).toBe(0);
    // Expired within the look-ahead, on a spot of nothing: the put is worth its strike.
    expect(prices[5]).toBe(90);
    expect([...prices.subarray(6)]).toEqual([NaN, NaN, NaN]);
  });

  it('counts losses from the model price or from a given base', () => {
    const losses = new Float64Array(9);
    valueScenarioGrid(contracts, scenarios, 'loss', losses);
    expect(losses[0]).toBe(0);
    const base = blackScholesPrice({ ...first, right: 'call' });
    expect(losses[2]).toBe(base);
    const baseValue = Float64Array.of(5, NaN, 5);
    const report = valueScenarioGrid({ ...contracts, baseValue }, scenarios, 'loss', losses);
    expect(report).toEqual({ badCount: 2, badRows: [1, 2] });
    expect(losses[2]).toBe(5);
  });

  it.each<[string, Partial<MarketScenario>, string]>([
    ['a move below −100 %', { spotShock: -1.01 }, 'spotShock must be ≥ −1, got -1.01'],
    ['a move of NaN', { spotShock: NaN }, 'spotShock must be ≥ −1, got NaN'],
    ['time that runs backwards', { lookAheadYears: -1 }, 'lookAheadYears must be finite and ≥ 0, got -1'],
    ['a bad shift', { volatilityShift: { convention: 'additive', amount: NaN } }, 'amount must be finite, got NaN'],
  ])('refuses %s', (_title, change, message) => {
    const bad = [{ ...(scenarios[0] as MarketScenario), ...change }];
    expect(() => valueScenarioGrid(contracts, bad, 'price', new Float64Array(3))).toThrow(message);
  });

  it('reports a contract whose fault a shock or a look-ahead would hide', () => {
    const one = (change: Partial<Record<keyof typeof contracts, number>>) => {
      const names = Object.keys(contracts) as (keyof typeof contracts)[];
      const columns = names.map((name) => [name, Float64Array.of(change[name] ?? (contracts[name][0] as number))]);
      return Object.fromEntries(columns) as typeof contracts;
    };
    const hiding: MarketScenario[] = [
      { spotShock: -1, volatilityShift: { convention: 'absolute', amount: 0.2 }, lookAheadYears: 1 },
    ];
    for (const change of [{ spot: -1 }, { strike: -1 }, { yearsToExpiry: -1 }, { rate: NaN }, { volatility: -0.2 }]) {
      const price = Float64Array.of(1);
      expect([change, valueScenarioGrid(one(change), hiding, 'price', price)]).toEqual([
        change,
        { badCount: 1, badRows: [0] },
      ]);
      expect(price[0]).toBeNaN();
    }
  });

  it('refuses results of the wrong size and an unknown outcome', () => {
    expect(() => valueScenarioGrid(contracts, scenarios, 'price', new Float64Array(8))).toThrow(
      'outcomes.length must be 3 contracts × 3 scenarios, got 8',
    );
    expect(() => valueScenarioGrid(contracts, scenarios, 'gain' as 'loss', new Float64Array(9))).toThrow(
      "must be 'price'",
    );
  });
});
