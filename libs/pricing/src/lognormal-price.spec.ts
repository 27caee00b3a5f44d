import { lognormalPrice } from './lognormal-price';
import { lognormalTerms } from './lognormal-terms';

const option = { spot: 100, strike: 100, yearsToExpiry: 1, rate: 0, dividendYield: 0, volatility: 0.2 };
const price = (change: Partial<typeof option>, right: 'call' | 'put') =>
  lognormalPrice(lognormalTerms({ ...option, ...change }), right);

describe('the lognormal price', () => {
  it('keeps relative precision deep out of the money', () => {
    // 60-digit arithmetic: the call at K = 400 and 1600, the put at K = 10 (black-scholes, T = 1, σ = 20 %).
    expect(price({ strike: 400 }, 'call') / 1.1506725945297355e-11 - 1).toBeCloseTo(0, 13);
    expect(price({ strike: 1600 }, 'call') / 3.018984707405234e-43 - 1).toBeCloseTo(0, 12);
    expect(price({ strike: 10 }, 'put') / 3.0586701126054057e-31 - 1).toBeCloseTo(0, 12);
  });

  it('meets itself where its branches meet', () => {
    // The series ends at σ√T = 1; the complement takes over where d1 turns positive.
    for (const strike of [100, 120, 150, 164.8721270700128, 200]) {
      const below = price({ strike, volatility: 1 }, 'call');
      const above = price({ strike, volatility: 1 + 2 ** -40 }, 'call');
      expect(above).toBeGreaterThan(below);
      expect(above / below - 1).toBeLessThan(2 ** -38);
    }
  });

  it.each(['call', 'put'] as const)('of a %s is its bound or its payoff in a limit', (right) => {
    const isCall = right === 'call';
    expect(price({ volatility: Infinity, strike: 70 }, right)).toBe(isCall ? 100 : 70);
    expect(price({ volatility: 0, strike: 70 }, right)).toBe(isCall ? 30 : 0);
    expect(price({ volatility: 0, strike: 130 }, right)).toBe(isCall ? 0 : 30);
    expect(price({ spot: 0, strike: 70 }, right)).toBe(isCall ? 0 : 70);
    expect(price({ strike: 0 }, right)).toBe(isCall ? 100 : 0);
    expect(price({ yearsToExpiry: 0 }, right)).toBe(0);
    expect(price({ strike: 1e6, volatility: 0.01 }, right)).toBe(isCall ? 0 : 1e6 - 100);
  });
});
