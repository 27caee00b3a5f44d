import { findBracketedRoot } from './bracketed-root';

const rootOf = (valueAt: (x: number) => number, low: number, high: number) => {
  let evaluations = 0;
  const counted = (x: number) => {
    evaluations += 1;
    return valueAt(x);
  };
  const root = findBracketedRoot(counted, { low, lowValue: valueAt(low), high, highValue: valueAt(high) });
  return { root, evaluations };
};

describe('findBracketedRoot', () => {
  it.each([
    ['a parabola', (x: number) => x * x - 2, 0, 2, Math.SQRT2],
    ['a line', (x: number) => 3 * x - 1, -5, 7, 1 / 3],
    ['a steep exponential', (x: number) => Math.exp(x) - 1e3, 0, 50, Math.log(1e3)],
    ['a cube with a flat root', (x: number) => (x - 1) ** 3, -1, 4, 1],
    ['a kink after a flat stretch', (x: number) => Math.max(0, x - 0.3) - 1e-12, 0, 5, 0.3],
  ])('finds the root of %s', (_, valueAt, low, high, expected) => {
    const { root, evaluations } = rootOf(valueAt, low, high);
    expect(root).toBeCloseTo(expected, 4);
    expect(Math.abs(valueAt(root))).toBeLessThan(1e-9);
    expect(evaluations).toBeLessThan(200);
  });

  it('takes few evaluations where the function is smooth', () => {
    expect(rootOf((x) => x * x - 2, 0, 2).evaluations).toBeLessThan(12);
    expect(rootOf((x) => Math.atan(x) - 0.5, -1, 3).evaluations).toBeLessThan(12);
  });

  it('returns an end that is a root', () => {
    expect(rootOf((x) => x, 0, 2).root).toBeCloseTo(0, 14);
    expect(rootOf((x) => x - 2, 0, 2).root).toBe(2);
  });

  it('stays inside the bracket', () => {
    const seen: number[] = [];
    findBracketedRoot((x) => (seen.push(x), Math.tan(x) - 10), { low: 0, lowValue: -10, high: 1.57, highValue: 1245 });
    expect(Math.min(...seen)).toBeGreaterThan(0);
    expect(Math.max(...seen)).toBeLessThan(1.57);
  });
});
