import { BOUNDARY_ACCURACY } from './american-accuracy';
import { americanBoundary } from './american-boundary';

const put = { right: 'put', yearsToExpiry: 5, rate: 0.1, dividendYield: 0.03, volatility: 0.25 } as const;

describe('americanBoundary', () => {
  it.each([
    [4.9, 87.76960949965387],
    [2.5, 90.14327315762256],
    [1, 94.49793803095984],
    [0.1, 106.2588964442338],
  ])('lies near the published QD+ boundary at τ = %p (QuantLib testQdPlusBoundaryValues, K = 120)', (years, level) => {
    const { exerciseBelow } = americanBoundary({ ...put, yearsToExpiry: years });
    expect(Math.abs((120 * Math.exp(exerciseBelow)) / level - 1)).toBeLessThan(3e-3);
  });

  it('mirrors a call into the put with rate and yield exchanged', () => {
    const call = americanBoundary({ ...put, right: 'call', rate: 0.03, dividendYield: 0.1 });
    expect(call.exerciseBelow).toBe(americanBoundary(put).exerciseBelow);
    expect(call.terms.right).toBe('call');
  });

  it('exercises nowhere when waiting costs nothing', () => {
    for (const terms of [
      { ...put, rate: 0 },
      { ...put, right: 'call', dividendYield: 0 } as const,
      { ...put, yearsToExpiry: 0 },
    ]) {
      const boundary = americanBoundary(terms);
      expect([boundary.upper, boundary.exerciseBelow, boundary.exerciseAbove]).toEqual([null, -Infinity, Infinity]);
    }
  });

  it('exercises between two levels, and nowhere once they have met', () => {
    const terms = { ...put, rate: -0.02, dividendYield: -0.06, volatility: 0.3 } as const;
    const young = americanBoundary({ ...terms, yearsToExpiry: 0.1 });
    expect(young.exerciseBelow).toBeGreaterThan(young.exerciseAbove);
    const old = americanBoundary({ ...terms, yearsToExpiry: 10 });
    expect(old.meeting).toBeLessThan(10);
    expect(old.exerciseBelow).toBe(-Infinity);
  });

  it('solves far corners: rates next to zero, long lives, huge volatility', () => {
    for (const corner of [
      { ...put, rate: 1e-9, volatility: 3, yearsToExpiry: 30 },
      { ...put, rate: 0, dividendYield: -0.0126, volatility: 2.66, yearsToExpiry: 9.96 },
      { ...put, rate: 0.01, dividendYield: 0.5, volatility: 1e-6, yearsToExpiry: 40 },
      { ...put, rate: 10, dividendYield: 0.1, yearsToExpiry: 1 },
    ]) {
      for (const mode of ['fast', 'accurate'] as const) {
        expect(americanBoundary({ ...corner, mode }).exerciseBelow).toBeLessThan(0);
      }
    }
  });

  it.each([
    ['accurate', {}, 'accurate'],
    ['accurate', { yearsToExpiry: 60, volatility: 0.1 }, 'accurate'],
    ['accurate', { yearsToExpiry: 60, volatility: 0.8 }, 'wide'],
    ['accurate', { rate: -0.02, dividendYield: -0.06, volatility: 0.8 }, 'accurate'],
    ['fast', {}, 'fast'],
    ['fast', { yearsToExpiry: 20 }, 'accurate'],
    ['fast', { volatility: 0.02 }, 'accurate'],
    ['fast', { volatility: 0.02, yearsToExpiry: 0.9 }, 'fast'],
    ['fast', { volatility: 3 }, 'accurate'],
  ] as const)('takes in %s mode for %j the %s grid', (mode, change, wanted) => {
    expect(americanBoundary({ ...put, ...change, mode }, 'prices').accuracy).toBe(BOUNDARY_ACCURACY[wanted]);
  });

  it('refuses bad inputs by name', () => {
    expect(() => americanBoundary({ ...put, volatility: NaN })).toThrow(/volatility/);
    expect(() => americanBoundary({ ...put, mode: 'exact' as 'fast' })).toThrow(/mode must be/);
  });
});
