import { findCrossings } from './find-crossings';

const grid = Array.from({ length: 41 }, (_, index) => -4 + index / 5);
const rootsOf = (valueAt: (x: number) => number | null) => findCrossings(valueAt, grid).map(({ at }) => at);

describe('findCrossings', () => {
  it('finds every root of a cubic and says where it is negative', () => {
    const found = findCrossings((x) => (x + 3.1) * (x - 0.05) * (x - 2.72), grid);
    expect(found.map(({ at }) => Number(at.toFixed(12)))).toEqual([-3.1, 0.05, 2.72]);
    expect(found.map(({ negativeSide }) => negativeSide)).toEqual(['BELOW', 'ABOVE', 'BELOW']);
    for (const { residual } of found) expect(Math.abs(residual)).toBeLessThan(1e-12);
  });

  it('finds the two roots that lie between neighbours of the grid, from above and from below', () => {
    const close = (x: number) => (x - 1.07) * (x - 1.13);
    expect(rootsOf(close).map((at) => Number(at.toFixed(9)))).toEqual([1.07, 1.13]);
    expect(rootsOf((x) => -close(x)).map((at) => Number(at.toFixed(9)))).toEqual([1.07, 1.13]);
  });

  it('looks closer at extrema near 0 alone', () => {
    const counted = (value: (x: number) => number) => {
      let calls = 0;
      const found = findCrossings((x) => {
        calls += 1;
        return value(x);
      }, grid);
      return { found: found.length, closer: calls - grid.length };
    };
    expect(counted((x) => 1000 + x * x)).toEqual({ found: 0, closer: 0 });
    expect(counted((x) => (x - 1.1) ** 2 - 1e-6).found).toBe(2);
    // Lowest on the grid 0.01, 7 times what it changes to a neighbour.
    expect(counted((x) => 0.28 * (x - 1.1) ** 2 + 0.007).closer).toBeGreaterThan(0);
  });

  it('finds none where there is none', () => {
    expect(rootsOf((x) => 1 + x * x)).toEqual([]);
    expect(rootsOf((x) => (x - 1) ** 2)).toEqual([]);
    expect(rootsOf(() => null)).toEqual([]);
  });

  it('leaves a residual where the function jumps over 0', () => {
    const [jump] = findCrossings((x) => (x < 0.33 ? -5 : 7), grid);
    expect(jump?.at).toBeCloseTo(0.33, 12);
    expect(Math.abs(jump?.residual ?? 0)).toBeGreaterThanOrEqual(5);
  });

  it('does not look across points without a value', () => {
    expect(rootsOf((x) => (Math.abs(x) < 0.5 ? null : x))).toEqual([]);
  });
});
