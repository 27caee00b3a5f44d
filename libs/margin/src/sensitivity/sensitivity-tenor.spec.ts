import { splitTenor, tenorDays } from './sensitivity-tenor';

describe('tenorDays', () => {
  it.each([
    ['2w', 14],
    ['1m', 365 / 12],
    ['1y', 365],
    ['30Y', 10_950],
  ])('counts the days of %s', (tenor, days) => {
    expect(tenorDays(tenor)).toBeCloseTo(days, 12);
  });

  it.each(['', '2', 'm', '-1y', '1d', '0m', '1.5y'])('refuses %j by name', (tenor) => {
    expect(() => tenorDays(tenor)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });
});

describe('splitTenor', () => {
  it('splits linearly between the neighbours', () => {
    expect(splitTenor(365 * 1.5)).toEqual([
      { tenor: '1y', weight: 0.5 },
      { tenor: '2y', weight: 0.5 },
    ]);
  });

  it('gives a grid point all, and the end points what lies beyond the grid', () => {
    expect(splitTenor(365)).toEqual([{ tenor: '1y', weight: 1 }]);
    expect(splitTenor(0)).toEqual([{ tenor: '2w', weight: 1 }]);
    expect(splitTenor(20_000)).toEqual([{ tenor: '30y', weight: 1 }]);
  });

  it('keeps the whole vega and its mean maturity', () => {
    for (let days = 15; days < 10_900; days += 97) {
      const shares = splitTenor(days);
      expect(shares.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 14);
      expect(shares.reduce((sum, { tenor, weight }) => sum + weight * tenorDays(tenor), 0)).toBeCloseTo(days, 8);
    }
  });

  it.each([-1, NaN])('refuses %d days', (days) => {
    expect(() => splitTenor(days)).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });
});
