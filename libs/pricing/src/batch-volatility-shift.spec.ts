import { requireVolatilityShift, shiftVolatility, type VolatilityShift } from './batch-volatility-shift';

const option = { volatility: 0.2, yearsToExpiry: 90 / 365 };

describe('shiftVolatility', () => {
  it.each<[string, VolatilityShift, number]>([
    ['a relative move', { convention: 'multiplicative', amount: 0.25 }, 0.25],
    ['points', { convention: 'additive', amount: -0.04 }, 0.16],
    ['points below zero', { convention: 'additive', amount: -0.3 }, 0],
    ['a relative move below zero', { convention: 'multiplicative', amount: -1.5 }, 0],
    ['a level', { convention: 'absolute', amount: 0.33 }, 0.33],
  ])('applies %s', (_title, shift, expected) => {
    expect(shiftVolatility(shift, option)).toBeCloseTo(expected, 15);
  });

  it('scales a relative move by (30/days)^power', () => {
    const shift = { convention: 'term-scaled', amount: 0.4, power: 0.5, daysMinimum: 1 } as const;
    // (30/90)^0.5 = 0.5773502691896258
    expect(shiftVolatility(shift, option)).toBeCloseTo(0.2 * (1 + 0.4 * 0.5773502691896258), 15);
    const short = { volatility: 0.2, yearsToExpiry: 0 };
    // The floor of one day: (30/1)^0.5 = 5.477225575051661
    expect(shiftVolatility(shift, short)).toBeCloseTo(0.2 * (1 + 0.4 * 5.477225575051661), 14);
  });

  it('leaves an infinite volatility infinite and a bad one NaN under every convention', () => {
    const shifts: VolatilityShift[] = [
      { convention: 'multiplicative', amount: 0.1 },
      { convention: 'additive', amount: 0.1 },
      { convention: 'absolute', amount: 0.1 },
      { convention: 'term-scaled', amount: 0.1, power: 0.3, daysMinimum: 1 },
    ];
    for (const shift of shifts) {
      expect(shiftVolatility(shift, { volatility: NaN, yearsToExpiry: 1 })).toBeNaN();
      expect(shiftVolatility(shift, { volatility: -0.1, yearsToExpiry: 1 })).toBeNaN();
      const expected = shift.convention === 'absolute' ? 0.1 : Infinity;
      expect(shiftVolatility(shift, { volatility: Infinity, yearsToExpiry: 1 })).toBe(expected);
    }
  });
});

describe('requireVolatilityShift', () => {
  it.each<[VolatilityShift, string]>([
    [{ convention: 'multiplicative', amount: NaN }, 'amount must be finite, got NaN'],
    [{ convention: 'absolute', amount: -0.1 }, 'amount must be ≥ 0, got -0.1'],
    [{ convention: 'term-scaled', amount: 0.1, power: Infinity, daysMinimum: 1 }, 'power must be finite, got Infinity'],
    [{ convention: 'term-scaled', amount: 0.1, power: 1, daysMinimum: 0 }, 'daysMinimum must be > 0, got 0'],
    [{ convention: 'twisted', amount: 0 } as unknown as VolatilityShift, 'convention must be known, got twisted'],
  ])('refuses %j', (shift, message) => {
    expect(() => requireVolatilityShift(shift)).toThrow(message);
  });

  it('accepts every convention', () => {
    expect(() => requireVolatilityShift({ convention: 'additive', amount: -0.5 })).not.toThrow();
    expect(() =>
      requireVolatilityShift({ convention: 'term-scaled', amount: 0.1, power: 0.3, daysMinimum: 1 }),
    ).not.toThrow();
  });
});
