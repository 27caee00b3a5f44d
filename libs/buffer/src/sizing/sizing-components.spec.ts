import { componentsOf } from './sizing-components';
import { sizingParameterSets } from './sizing-parameter-sets';
import type { SizingParameters } from './sizing-parameters';

const parameters = sizingParameterSets[0] as SizingParameters;
const facts = {
  maintenance: 1000,
  equity: 1000,
  gross: 12_000,
  largest: 9_000,
  floorShare: 0.1,
  liquidity: { amount: 25, inputs: { halfSpread: 25 }, explanation: ['no volume: F'] },
  shortfall: 300,
  longRunShortfall: 200,
  volatilityRatio: 1.2,
};
const amounts = (changes: Partial<typeof facts> = {}) =>
  Object.fromEntries(componentsOf({ ...facts, ...changes }, parameters).map(({ name, amount }) => [name, amount]));

describe('componentsOf', () => {
  it('computes each by hand', () => {
    const found = amounts();
    expect(found['asset-class-floor']).toBeCloseTo(100, 10);
    expect(found['expected-shortfall']).toBe(300);
    expect(found['volatility-scaled']).toBeCloseTo(0.1 * 1.2 * 1000, 10);
    expect(found['liquidity']).toBe(25);
    expect(found['concentration']).toBeCloseTo(0.1 * 0.25 * 12_000, 10);
    expect(found['leverage']).toBeCloseTo(200, 10);
    expect(found['anti-procyclicality']).toBeCloseTo(0.75 * 300 + 0.25 * 200, 10);
  });

  it('lets the 25 % be drawn in stress, and gives an account without equity the highest tier', () => {
    expect(amounts({ shortfall: 0, longRunShortfall: 0 })['anti-procyclicality']).toBe(250);
    expect(amounts({ shortfall: 0, longRunShortfall: 0, volatilityRatio: 2 })['anti-procyclicality']).toBe(0);
    expect(amounts({ equity: -1 })['leverage']).toBeCloseTo(400, 10);
  });
});
