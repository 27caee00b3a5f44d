import { americanAlo } from './american-alo';
import { americanBaw } from './american-baw';
import { blackScholes } from './black-scholes';

const call = {
  right: 'call',
  spot: 100,
  strike: 100,
  yearsToExpiry: 0.1,
  rate: 0.1,
  dividendYield: 0.1,
  volatility: 0.15,
} as const;

describe('americanBaw', () => {
  it.each([
    [90, 0.0206],
    [100, 1.8771],
    [110, 10.0089],
  ])('matches Haug 1998, p. 24, at spot %p', (spot, price) => {
    expect(Math.abs(americanBaw({ ...call, spot }).price - price)).toBeLessThan(3e-3);
  });

  it.each([
    call,
    { ...call, right: 'put', strike: 103 } as const,
    { ...call, right: 'put', volatility: 0.5, rate: 0.02 } as const,
  ])('has the derivatives of its price: %j', (option) => {
    const result = americanBaw(option);
    const slope = (field: 'spot' | 'volatility' | 'yearsToExpiry' | 'rate', step: number) => {
      const up = americanBaw({ ...option, [field]: option[field] + step }).price;
      return (up - americanBaw({ ...option, [field]: option[field] - step }).price) / (2 * step);
    };
    expect(result.delta).toBeCloseTo(slope('spot', 1e-4), 7);
    expect(result.vega).toBeCloseTo(slope('volatility', 1e-5), 5);
    expect(result.theta).toBeCloseTo(-slope('yearsToExpiry', 1e-5), 4);
    expect(result.rho).toBeCloseTo(slope('rate', 1e-5), 5);
    const deltaAt = (spot: number) => americanBaw({ ...option, spot }).delta;
    expect(result.gamma).toBeCloseTo((deltaAt(100.01) - deltaAt(99.99)) / 0.02, 5);
  });

  it('is an approximation: close to the exact value, not equal', () => {
    const put = { ...call, right: 'put', yearsToExpiry: 3 } as const;
    const difference = Math.abs(americanBaw(put).price - americanAlo(put).price);
    expect(difference).toBeGreaterThan(1e-3);
    expect(difference).toBeLessThan(0.5);
  });

  it('exercises beyond the critical price and is European where exercise never pays', () => {
    expect(americanBaw({ ...call, spot: 140 })).toMatchObject({ price: 40, delta: 1, gamma: 0, exerciseNow: true });
    const free = { ...call, dividendYield: 0 };
    expect(americanBaw(free).price).toBe(blackScholes(free).price);
  });

  it('is never below intrinsic value, with two boundaries either', () => {
    // Exercised at once by the exact model too; its European value is 68.59.
    const deep = { ...call, spot: 249.139, yearsToExpiry: 1.4965, rate: -0.4711, dividendYield: -0.0535 };
    expect(americanBaw(deep)).toEqual({
      ...{ price: 249.139 - 100, delta: 1, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow: true },
    });
    const put = { ...call, right: 'put', spot: 60, yearsToExpiry: 5, rate: -0.01, dividendYield: -0.06 } as const;
    for (const spot of [20, 40, 60, 80, 95, 100, 110]) {
      const { price } = americanBaw({ ...put, spot });
      expect(price).toBeGreaterThanOrEqual(Math.max(0, 100 - spot, blackScholes({ ...put, spot }).price));
    }
  });

  it('returns limits and refuses bad inputs', () => {
    expect(americanBaw({ ...call, volatility: 0, spot: 120 }).price).toBe(20);
    expect(() => americanBaw({ ...call, strike: -1 })).toThrow(/strike/);
  });

  it.each([
    { right: 'call', rate: -0.024, dividendYield: 0 },
    { right: 'put', rate: 0, dividendYield: -0.024 },
  ] as const)('is European where the critical price is beyond any number: %j', (terms) => {
    const option = { ...terms, spot: 100, strike: 90, yearsToExpiry: 45, volatility: 5.1 };
    const { price, delta } = americanBaw(option);
    expect([price, delta]).toEqual([blackScholes(option).price, blackScholes(option).delta]);
    expect(Math.abs(price - americanAlo(option).price)).toBeLessThan(1e-9);
  });
});
