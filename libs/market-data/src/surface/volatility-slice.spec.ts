import { parseInstant } from '@ballast/domain';
import { sviVariance } from './svi';
import { buildSlice, checkedGrid, sliceVariance } from './volatility-slice';

const terms = { expiry: parseInstant('2026-07-01T00:00:00Z', 'e'), yearsToExpiry: 0.5, forward: 100 };
const smile = { a: 0.02, b: 0.15, rho: -0.4, m: 0.02, sigma: 0.15 };
const ks = Array.from({ length: 17 }, (_, index) => -0.4 + index * 0.05);
const points = ks.map((k) => ({ k, variance: sviVariance(smile, k).variance, weight: 1 }));

describe('buildSlice', () => {
  it('fits a clean smile', () => {
    const slice = buildSlice(terms, points);
    expect(slice.curve).toMatchObject({ kind: 'svi', repaired: false });
    expect(slice.volatilityError).toBeLessThan(1e-5);
    expect(slice.butterfly.factor).toBeGreaterThan(0);
    expect(slice).toMatchObject({ pointCount: 17, leftOut: 0, kMinimum: -0.4 });
    expect(sliceVariance(slice, 0.03).variance).toBeCloseTo(sviVariance(smile, 0.03).variance, 6);
  });

  it('takes the say from quotes far off their neighbours', () => {
    const spoilt = points.map((point, index) => (index % 6 === 3 ? { ...point, variance: point.variance * 4 } : point));
    const slice = buildSlice(terms, spoilt);
    expect(slice.curve.kind).toBe('svi');
    expect(slice.leftOut).toBe(3);
    expect(sliceVariance(slice, 0).variance).toBeCloseTo(sviVariance(smile, 0).variance, 4);
  });

  it('interpolates where no smile fits or strikes are few', () => {
    const jagged = points.map((point, index) => ({ ...point, variance: point.variance * (index % 2 === 0 ? 0.5 : 2) }));
    const slice = buildSlice(terms, jagged);
    expect(slice.curve.kind).toBe('interpolated');
    expect(slice.butterfly.factor).toBeLessThan(0);
    expect(sliceVariance(slice, ks[3] as number).variance).toBeCloseTo(jagged[3]?.variance ?? NaN, 14);
    expect(buildSlice(terms, points.slice(0, 2)).curve.kind).toBe('interpolated');
  });

  it('checks a tenth beyond the quotes', () => {
    const grid = checkedGrid({ kMinimum: -0.5, kMaximum: 0.5 });
    expect(grid).toHaveLength(121);
    expect(grid[0]).toBeCloseTo(-0.6, 12);
    expect(grid[120]).toBeCloseTo(0.6, 12);
  });
});
