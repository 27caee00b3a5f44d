import { finiteDifferenceWeights } from './finite-difference-weights';

describe('finiteDifferenceWeights', () => {
  it.each([4, 6])('is exact for polynomials on %i nodes', (points) => {
    const polynomial = (x: number) => 2 - x + 0.5 * x ** 2 + 0.25 * x ** (points - 1);
    const slope = (x: number) => -1 + x + 0.25 * (points - 1) * x ** (points - 2);
    const curvature = (x: number) => 1 + 0.25 * (points - 1) * (points - 2) * x ** (points - 3);
    for (const z of [0, 1.3, 2.5, points - 1]) {
      const rows = finiteDifferenceWeights(points, z);
      const apply = (row: Float64Array) => row.reduce((sum, weight, j) => sum + weight * polynomial(j), 0);
      expect(apply(rows[0])).toBeCloseTo(polynomial(z), 9);
      expect(apply(rows[1])).toBeCloseTo(slope(z), 9);
      expect(apply(rows[2])).toBeCloseTo(curvature(z), 9);
    }
  });

  it('gives the central differences in the middle of three nodes', () => {
    const rows = finiteDifferenceWeights(3, 1);
    expect([...rows[1]]).toEqual([-0.5, 0, 0.5]);
    expect([...rows[2]]).toEqual([1, -2, 1]);
  });
});
