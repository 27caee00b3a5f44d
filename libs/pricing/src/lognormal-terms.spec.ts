import { lognormalTerms } from './lognormal-terms';

const option = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.05, dividendYield: 0.02, volatility: 0.3 };

describe('the shared terms of the lognormal models', () => {
  it('are the textbook ones', () => {
    const terms = lognormalTerms(option);
    const s = 0.3 * Math.SQRT1_2;
    const x = Math.log(100 / 110) + 0.03 * 0.5;
    expect(terms.deviation).toBeCloseTo(s, 15);
    expect(terms.d1).toBeCloseTo(x / s + s / 2, 14);
    expect(terms.d2).toBeCloseTo(x / s - s / 2, 14);
    expect(terms.a).toBeCloseTo(100 * Math.exp(-0.01), 13);
    expect(terms.b).toBeCloseTo(110 * Math.exp(-0.025), 13);
    expect(terms.density).toBeCloseTo((terms.a * Math.exp((-terms.d1 * terms.d1) / 2)) / Math.sqrt(2 * Math.PI), 12);
    expect(terms.limit).toBe(false);
  });

  it('keep the relative precision of d2 at its zero crossing', () => {
    // S = K, r − q = 0.02, σ = 0.2: d2 = ((r − q) − σ²/2)·√T/σ is zero but for the rounding of the inputs.
    const terms = lognormalTerms({
      ...option,
      strike: 100,
      rate: 0.02,
      dividendYield: 0,
      volatility: 0.2,
      yearsToExpiry: 1,
    });
    // 0.02/0.2 − 0.1 on the doubles, 50-digit arithmetic.
    expect(Math.abs(terms.d2 / -9.020562075079397e-18 - 1)).toBeLessThan(1e-3);
  });

  it('scale the density where it would come near underflow', () => {
    const near = lognormalTerms(option);
    const far = lognormalTerms({ ...option, strike: 100 * Math.exp(35 * near.deviation) });
    expect(near.unscale).toBe(1);
    expect(far.unscale).toBe(2 ** -600);
    expect(far.density * far.unscale).toBeGreaterThan(0);
  });

  it.each([
    ['expired', { yearsToExpiry: 0 }, -60, -60],
    ['no volatility', { volatility: 0, strike: 90 }, 60, 60],
    ['infinite volatility', { volatility: Infinity }, 60, -60],
    ['no spot', { spot: 0 }, -60, -60],
    ['no strike', { strike: 0 }, 60, 60],
    ['at the kink', { yearsToExpiry: 0, strike: 100 }, 0, 0],
    ['farther than a double reaches', { strike: 1e9, volatility: 0.01 }, -60, -60],
  ])('name the limit: %s', (_, change, d1, d2) => {
    const terms = lognormalTerms({ ...option, ...change });
    expect(terms).toMatchObject({ limit: true, density: 0, d1, d2 });
  });
});
