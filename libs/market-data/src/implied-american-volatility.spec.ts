import { createAmericanPricer, exp } from '@ballast/pricing';
import * as fc from 'fast-check';
import { impliedAmericanVolatility } from './implied-american-volatility';

describe('impliedAmericanVolatility', () => {
  it('returns the volatility a price was made with', () => {
    const cases = fc.record({
      right: fc.constantFrom('call' as const, 'put' as const),
      moneyness: fc.double({ min: 0.8, max: 1.25, noNaN: true }),
      yearsToExpiry: fc.double({ min: 0.05, max: 2, noNaN: true }),
      rate: fc.double({ min: 0, max: 0.08, noNaN: true }),
      dividendYield: fc.double({ min: 0, max: 0.06, noNaN: true }),
      volatility: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
    });
    let tried = 0;
    fc.assert(
      fc.property(cases, ({ right, moneyness, yearsToExpiry, rate, dividendYield, volatility }) => {
        const strike = 100 * moneyness;
        const terms = { right, spot: 100, strike, yearsToExpiry, rate, dividendYield };
        const priceAt = createAmericanPricer('fast');
        const price = priceAt({ ...terms, volatility });
        // Where the price hardly depends on volatility (deep, or exercise now) it cannot tell one.
        fc.pre(priceAt({ ...terms, volatility: volatility + 0.01 }) - price > 0.01);
        tried += 1;
        const forward = 100 * exp((rate - dividendYield) * yearsToExpiry);
        const carry = {
          forward,
          rate,
          discountFactor: exp(-rate * yearsToExpiry),
          yearsToExpiry,
          source: 'carried' as const,
        };
        const implied = impliedAmericanVolatility({ right, spot: 100, strike, carry, price });
        if (implied.status !== 'ok') throw new Error(implied.status);
        expect(Math.abs(implied.volatility - volatility)).toBeLessThan(1e-5);
      }),
      { numRuns: 60, seed: 7 },
    );
    expect(tried).toBeGreaterThan(40);
  });

  it('says when a price is the exercise value or beyond the model', () => {
    const carry = {
      forward: 102,
      rate: 0.02,
      discountFactor: exp(-0.02),
      yearsToExpiry: 1,
      source: 'carried' as const,
    };
    const put = { right: 'put', spot: 100, strike: 120, carry } as const;
    expect(impliedAmericanVolatility({ ...put, price: 20 }).status).toBe('below-intrinsic');
    expect(impliedAmericanVolatility({ ...put, price: 19 }).status).toBe('below-intrinsic');
    expect(impliedAmericanVolatility({ ...put, price: 120 }).status).toBe('above-maximum');
  });
});
