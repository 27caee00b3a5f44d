import { bachelier, bachelierPrice, type BachelierInput } from './bachelier';
import { PricingInputError } from './pricing-input-error';

const option: BachelierInput = { forward: 100, strike: 100, yearsToExpiry: 1, rate: 0, volatility: 20, right: 'call' };

describe('Bachelier', () => {
  // QuantLib test-suite/bacheliercalculator.cpp, BasicValues and EdgeCases.
  it.each([
    [{}, 7.9788456080286538],
    [{ strike: 90 }, 13.955931148026121],
    [{ strike: 110, right: 'put' }, 13.955931148026121],
    [{ strike: 110 }, 3.9559311480261217],
    [{ strike: 0 }, 100.00000106923312],
    [{ strike: 150 }, 0.040082743582562863],
    [{ volatility: 200 }, 79.788456080286537],
  ] as const)('reproduces the published price of %j', (change, published) => {
    expect(Math.abs(bachelier({ ...option, ...change }).price - published)).toBeLessThan(1e-8);
  });

  it('gives all eight values of a 60-digit reference', () => {
    const ours = bachelier({
      ...option,
      strike: 95,
      yearsToExpiry: 0.0027397260273972603,
      rate: 0.03,
      volatility: 90,
      right: 'put',
    });
    const reference = {
      price: 0.348678298442423253998,
      delta: -0.1442450844181655485788,
      gamma: 0.04821171086353538405148,
      vega: 0.01188781911703612218769,
      theta: -195.2469686483650327113,
      rho: -0.0009552830094312965937531,
      vanna: -0.002678428381307521336193,
      volga: 0.0001488015767393067408996,
    };
    expect(Object.keys(ours)).toEqual(Object.keys(reference));
    for (const [name, value] of Object.entries(reference)) {
      expect(Math.abs(ours[name as keyof typeof ours] / value - 1)).toBeLessThan(2e-15);
    }
  });

  it('prices below zero as it does above', () => {
    // Crude oil, 20 April 2020: a forward of −37.63. The model knows only the distance F − K.
    const above = bachelier({ ...option, forward: 12.5, strike: 20, volatility: 60, yearsToExpiry: 0.25 });
    const below = bachelier({ ...option, forward: -45.125, strike: -37.625, volatility: 60, yearsToExpiry: 0.25 });
    expect(below).toEqual(above);
    expect(bachelierPrice({ ...option, forward: -37.63, strike: 0, right: 'put' })).toBeGreaterThan(37.63);
  });

  it.each([
    ['expired in the money', { yearsToExpiry: 0, strike: 90 }, 10, 1],
    ['expired out of the money', { yearsToExpiry: 0, strike: 110 }, 0, 0],
    ['expired at the kink', { yearsToExpiry: 0 }, 0, 0.5],
    ['without volatility', { volatility: 0, strike: 90, rate: 0.05 }, 10 * Math.exp(-0.05), Math.exp(-0.05)],
    ['farther than a double reaches', { strike: 1e9 }, 0, 0],
  ])('has its limit %s', (_, change, price, delta) => {
    const ours = bachelier({ ...option, ...change });
    expect(ours.price).toBeCloseTo(price, 13);
    expect(ours.delta).toBeCloseTo(delta, 14);
    expect(ours).toMatchObject({ gamma: 0, vega: 0, vanna: 0, volga: 0 });
    expect(Object.values(ours).every(Number.isFinite)).toBe(true);
  });

  it('gives the example of its documentation', () => {
    expect(bachelier(option).price).toBe(7.978845608028654);
  });

  it.each([
    ['forward', NaN],
    ['forward', Infinity],
    ['strike', NaN],
    ['yearsToExpiry', -0.5],
    ['yearsToExpiry', NaN],
    ['rate', NaN],
    ['volatility', NaN],
    ['volatility', -20],
    ['volatility', Infinity],
    ['right', ''],
  ])('refuses %s = %p by name and value', (field, value) => {
    const input = { ...option, [field]: value } as unknown as BachelierInput;
    for (const compute of [bachelier, bachelierPrice]) {
      expect(() => compute(input)).toThrow(PricingInputError);
      expect(() => compute(input)).toThrow(new RegExp(`^${field} .*got ${String(value)}$`));
    }
  });

  it('refuses a deviation beyond the range of doubles', () => {
    expect(() => bachelier({ ...option, volatility: 1e308, yearsToExpiry: 100 })).toThrow(/^volatility must keep/);
  });
});
