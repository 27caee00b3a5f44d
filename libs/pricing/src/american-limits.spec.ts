import { americanLimit, hasNoBoundaryToSolve, isAmericanLimit } from './american-limits';
import type { AmericanOption } from './american-option';

const option: AmericanOption = {
  right: 'put',
  spot: 100,
  strike: 120,
  yearsToExpiry: 1,
  rate: 0.05,
  dividendYield: 0.01,
  volatility: 0,
};

describe('americanLimit', () => {
  it.each([
    ['expired in the money', { yearsToExpiry: 0 }, 20, -1, true],
    ['expired out of the money', { yearsToExpiry: 0, strike: 90 }, 0, 0, false],
    ['expired at the strike', { yearsToExpiry: 0, strike: 100 }, 0, -0.5, false],
    ['certain, exercised now', {}, 20, -1, true],
    ['certain, held to expiry', { rate: 0, dividendYield: 0.05 }, 120 - 100 * Math.exp(-0.05), -Math.exp(-0.05), false],
    [
      'worthless underlying, waiting earns interest',
      { spot: 0, rate: -0.075 },
      120 * Math.exp(0.075),
      -Math.exp(-0.01),
      false,
    ],
    ['worthless underlying', { spot: 0 }, 120, -1, true],
    ['free call', { right: 'call', strike: 0 }, 100, 1, true],
    ['free call without yield', { right: 'call', strike: 0, dividendYield: 0 }, 100, 1, false],
    ['infinite volatility', { volatility: Infinity }, 120, 0, false],
    ['infinite volatility, call', { right: 'call', volatility: Infinity }, 100, 1, false],
    ['infinite volatility, negative rate', { volatility: Infinity, rate: -0.02 }, 120 * Math.exp(0.02), 0, false],
  ] as const)('%s', (_, change, price, delta, exerciseNow) => {
    const result = americanLimit({ ...option, ...change } as AmericanOption);
    expect(result.price).toBeCloseTo(price, 12);
    expect(result.delta + 0).toBeCloseTo(delta, 12);
    expect(result.exerciseNow).toBe(exerciseNow);
    expect([result.gamma, result.vega]).toEqual([0, 0]);
  });

  it('finds the best time between now and expiry', () => {
    // QuantLib test "zero vol put 1": exercised when the falling price makes interest outweigh the yield.
    const late = { ...option, yearsToExpiry: 40, rate: 0.01, dividendYield: 0.5 };
    expect(americanLimit(late).price).toBeCloseTo(108.9809045611846, 10);
  });

  it('has the rate sensitivity and decay of the certain value', () => {
    const held = { ...option, rate: 0.001, dividendYield: 0.05 };
    const { rho, theta } = americanLimit(held);
    const price = (change: Partial<AmericanOption>) => americanLimit({ ...held, ...change }).price;
    expect(rho).toBeCloseTo((price({ rate: 0.00101 }) - price({ rate: 0.00099 })) / 2e-5, 5);
    expect(theta).toBeCloseTo((price({ yearsToExpiry: 0.99999 }) - price({ yearsToExpiry: 1.00001 })) / 2e-5, 5);
  });

  it('tells a limit from an ordinary option', () => {
    expect(isAmericanLimit({ ...option, volatility: 0.2 })).toBe(false);
    expect(isAmericanLimit({ ...option, volatility: 0.2, strike: 0 })).toBe(true);
    expect(hasNoBoundaryToSolve({ ...option, volatility: 1e-10 })).toBe(true);
    expect(hasNoBoundaryToSolve({ ...option, volatility: Infinity })).toBe(true);
  });
});
