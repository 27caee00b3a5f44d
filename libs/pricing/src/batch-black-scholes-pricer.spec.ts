import fc from 'fast-check';
import { createBlackScholesPricer } from './batch-black-scholes-pricer';
import { blackScholesPrice } from './black-scholes';

describe('createBlackScholesPricer', () => {
  const few = (...values: number[]) => fc.constantFrom(...values);
  const option = fc.record({
    spot: few(0, 80, 100, 137.5),
    strike: few(0, 95, 100, 1e-8),
    yearsToExpiry: few(0, 0.25, 1, 4.5),
    rate: few(-0.01, 0, 0.03, 0.05),
    dividendYield: few(0, 0.02, 0.05),
    volatility: few(0, 0.2, 0.35, Infinity),
    right: fc.constantFrom('call' as const, 'put' as const),
  });

  it('gives the bits of blackScholesPrice, whatever came before', () => {
    fc.assert(
      fc.property(fc.array(option, { minLength: 1, maxLength: 40 }), (options) => {
        const price = createBlackScholesPricer();
        expect(options.map((one) => price(one))).toEqual(options.map((one) => blackScholesPrice(one)));
      }),
    );
  });

  it('refuses what blackScholesPrice refuses, and goes on', () => {
    const price = createBlackScholesPricer();
    const sound = { spot: 100, strike: 95, yearsToExpiry: 0.5, rate: 0.03, dividendYield: 0, volatility: 0.2 } as const;
    const before = price({ ...sound, right: 'put' });
    expect(() => price({ ...sound, spot: -1, right: 'put' })).toThrow('spot must be ≥ 0, got -1');
    expect(() => price({ ...sound, rate: -5_000, right: 'put' })).toThrow('below 1e300');
    expect(price({ ...sound, right: 'put' })).toBe(before);
  });
});
