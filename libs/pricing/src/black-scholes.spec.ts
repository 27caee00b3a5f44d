import { blackScholes, blackScholesPrice, type BlackScholesInput } from './black-scholes';
import { PricingInputError } from './pricing-input-error';

const option: BlackScholesInput = {
  spot: 100,
  strike: 100,
  yearsToExpiry: 1,
  rate: 0.05,
  dividendYield: 0,
  volatility: 0.2,
  right: 'call',
};
type Row = readonly [...numbers: [number, number, number, number, number, number], right: 'call' | 'put'];
const of = ([spot, strike, yearsToExpiry, rate, dividendYield, volatility, right]: Row): BlackScholesInput => ({
  spot,
  strike,
  yearsToExpiry,
  rate,
  dividendYield,
  volatility,
  right,
});

describe('Black-Scholes', () => {
  // E. G. Haug, The Complete Guide to Option Pricing Formulas (1998), pp. 2–8 and 24; four decimals printed.
  it.each([
    [[60, 65, 0.25, 0.08, 0, 0.3, 'call'], 2.1334],
    [[100, 95, 0.5, 0.1, 0.05, 0.2, 'put'], 2.4648],
    [[19, 19, 0.75, 0.1, 0.1, 0.28, 'put'], 1.7011],
    [[1.56, 1.6, 0.5, 0.06, 0.08, 0.12, 'call'], 0.0291],
    [[110, 100, 0.5, 0.1, 0.1, 0.35, 'call'], 15.3086],
  ] as const)('reproduces the published price of %j', (row, published) => {
    expect(Math.abs(blackScholes(of(row)).price - published)).toBeLessThan(1e-4);
  });

  // Haug (1998), pp. 11–16; J. C. Hull, Options, Futures and Other Derivatives, examples 17.1–17.7.
  it.each([
    [[105, 100, 0.5, 0.1, 0.1, 0.36, 'call'], 'delta', 0.5946, 1e-4],
    [[105, 100, 0.5, 0.1, 0.1, 0.36, 'put'], 'delta', -0.3566, 1e-4],
    [[55, 60, 0.75, 0.1, 0, 0.3, 'put'], 'gamma', 0.0278, 1e-4],
    [[55, 60, 0.75, 0.1, 0, 0.3, 'call'], 'vega', 18.9358, 1e-4],
    [[72, 75, 1, 0.09, 0, 0.19, 'call'], 'rho', 38.7325, 1e-4],
    [[500, 490, 0.25, 0.08, 0.05, 0.15, 'put'], 'dividendRho', 42.2254, 1e-4],
    [[49, 50, 0.3846, 0.05, 0, 0.2, 'call'], 'theta', -4.31, 5e-3],
  ] as const)('reproduces the published sensitivity of %j', (row, name, published, tolerance) => {
    expect(Math.abs(blackScholes(of(row))[name] - published)).toBeLessThan(tolerance);
  });

  it('gives all sixteen values of a 60-digit reference', () => {
    const ours = blackScholes(of([100, 80, 3, 0.01, 0.07, 0.45, 'put']));
    const reference = {
      price: 22.38561987608680651902,
      delta: -0.265982296036036446098,
      gamma: 0.003757699171104415578263,
      vega: 50.72893880990961155811,
      theta: -5.176707988198571739107,
      rho: -146.9515484390713533865,
      dividendRho: 79.7946888108109338294,
      vanna: 0.2176179191580132262628,
      volga: -16.77561173474040190633,
      charm: -0.01239390963274704947656,
      veta: -5.383655351832229461519,
      speed: -0.00005903413755853177668423,
      zomma: -0.009593080508731323411784,
      color: 0.000853777105047232649888,
      dualDelta: 0.6122981184961306391102,
      dualGamma: 0.005871404954850649341036,
    };
    expect(Object.keys(ours)).toEqual(Object.keys(reference));
    for (const [name, value] of Object.entries(reference)) {
      expect(Math.abs(ours[name as keyof typeof ours] / value - 1)).toBeLessThan(2e-15);
    }
  });

  it('gives the example of its documentation', () => {
    expect(blackScholes(option).price).toBe(10.450583572185568);
  });

  it('prices alone to the same bits', () => {
    for (let i = 0; i < 200; i++) {
      const input = { ...option, strike: 40 + i, right: i % 2 ? 'call' : 'put' } as const;
      expect(blackScholesPrice(input)).toBe(blackScholes(input).price);
    }
  });

  it('keeps call less put at the discounted forward within 1e-15', () => {
    for (let i = 0; i < 400; i++) {
      const input = { ...option, strike: 20 + 0.7 * i, yearsToExpiry: 0.003 * (i + 1), dividendYield: 0.02 };
      const { yearsToExpiry: t, strike } = input;
      const parity = 100 * Math.exp(-0.02 * t) - strike * Math.exp(-0.05 * t);
      const difference = blackScholesPrice(input) - blackScholesPrice({ ...input, right: 'put' });
      expect(Math.abs(difference - parity)).toBeLessThanOrEqual(1e-15 * Math.max(100, strike));
    }
  });

  it.each([
    ['spot', NaN],
    ['spot', -1],
    ['spot', Infinity],
    ['strike', NaN],
    ['strike', -0.01],
    ['strike', Infinity],
    ['yearsToExpiry', NaN],
    ['yearsToExpiry', -1e-9],
    ['yearsToExpiry', Infinity],
    ['rate', NaN],
    ['rate', -Infinity],
    ['rate', -800],
    ['dividendYield', NaN],
    ['dividendYield', Infinity],
    ['dividendYield', -800],
    ['volatility', NaN],
    ['volatility', -0.2],
    ['volatility', -Infinity],
    ['right', 'X'],
    ['right', undefined],
    ['spot', '100'],
  ])('refuses %s = %p by name and value', (field, value) => {
    const input = { ...option, [field]: value } as unknown as BlackScholesInput;
    for (const compute of [blackScholes, blackScholesPrice]) {
      expect(() => compute(input)).toThrow(PricingInputError);
      expect(() => compute(input)).toThrow(new RegExp(`^${field} .*got ${String(value)}$`));
    }
  });
});
