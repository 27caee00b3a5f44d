import { black76, black76Price, type Black76Input } from './black76';
import { PricingInputError } from './pricing-input-error';

const option: Black76Input = { forward: 100, strike: 100, yearsToExpiry: 1, rate: 0, volatility: 0.2, right: 'call' };

describe('Black-76', () => {
  // QuantLib test-suite/blackcalculator.cpp, BasicValues; Hull, Options, Futures and Other Derivatives, ex. 16.6 and 16.7.
  it.each([
    [{}, 7.9655674554058038, 1e-8],
    [{ strike: 90 }, 13.589108116054803, 1e-8],
    [{ strike: 110 }, 4.2920109414098846, 1e-8],
    [{ strike: 110, right: 'put' }, 14.292010941409899, 1e-8],
    [{ volatility: 2 }, 68.268949213708595, 1e-10],
    [{ forward: 620, strike: 600, yearsToExpiry: 0.5, rate: 0.05 }, 44.19, 5e-3],
    [{ forward: 20, strike: 20, yearsToExpiry: 1 / 3, rate: 0.09, volatility: 0.25, right: 'put' }, 1.12, 5e-3],
  ] as const)('reproduces the published price of %j', (change, published, tolerance) => {
    expect(Math.abs(black76({ ...option, ...change }).price - published)).toBeLessThan(tolerance);
  });

  it('holds the forward fixed in theta and rho', () => {
    // py_vollib black/greeks docstrings, unscaled from per day and per 1 %.
    const ours = black76({ ...option, forward: 49, strike: 50, yearsToExpiry: 0.3846, rate: 0.05 });
    expect(Math.abs(ours.delta - 0.45107017482201828)).toBeLessThan(1e-8);
    expect(Math.abs(ours.gamma - 0.0640646705882)).toBeLessThan(1e-8);
    expect(Math.abs(ours.vega - 11.8317785624)).toBeLessThan(1e-8);
    expect(Math.abs(ours.rho - -0.7470538005958226)).toBeLessThan(1e-8);
    expect(Math.abs(ours.theta - -2.9792646027363)).toBeLessThan(1e-6);
  });

  it('has no dividend to be sensitive to', () => {
    expect(Object.keys(black76(option)).join()).toBe(
      'price,delta,gamma,vega,theta,rho,vanna,volga,charm,veta,speed,zomma,color,dualDelta,dualGamma',
    );
  });

  it('gives the example of its documentation', () => {
    expect(black76(option).price).toBe(7.965567455405798);
    expect(black76Price(option)).toBe(7.965567455405798);
  });

  it('is half of the discounted unit at the kink without volatility', () => {
    expect(black76({ ...option, volatility: 0 })).toMatchObject({ price: 0, delta: 0.5, gamma: 0, vega: 0 });
    expect(black76({ ...option, volatility: 0, right: 'put' })).toMatchObject({ price: 0, delta: -0.5 });
  });

  it('keeps the digits of theta where the volatility is next to nothing', () => {
    // rV − F·e^(−rT)·φ(d1)·σ/(2√T) with 60 digits; rFΦ(d1) − rKΦ(d2) loses four of them.
    const { theta } = black76({
      ...{ forward: 954089.1578886684, strike: 954089.1586970749, yearsToExpiry: 0.7742427754648595 },
      ...{ rate: 0.36005050167528335, volatility: 0.0002173919391485304, right: 'call' },
    });
    expect(Math.abs(theta / -15.743129023592024 - 1)).toBeLessThan(5e-15);
  });

  it.each([
    ['forward', NaN],
    ['forward', -37.63],
    ['strike', -1],
    ['strike', NaN],
    ['yearsToExpiry', -1],
    ['yearsToExpiry', NaN],
    ['rate', Infinity],
    ['rate', NaN],
    ['rate', -800],
    ['volatility', NaN],
    ['volatility', -1],
    ['right', 'both'],
  ])('refuses %s = %p by name and value', (field, value) => {
    const input = { ...option, [field]: value } as unknown as Black76Input;
    for (const compute of [black76, black76Price]) {
      expect(() => compute(input)).toThrow(PricingInputError);
      expect(() => compute(input)).toThrow(new RegExp(`^${field} .*got ${String(value)}$`));
    }
  });
});
