import { chebyshevCoefficients, chebyshevPoints, chebyshevSum, interpolationWeights } from './chebyshev';

describe('chebyshev interpolation', () => {
  it.each([2, 4, 8, 16, 64])('has the points cos(jπ/%i)', (order) => {
    chebyshevPoints(order).forEach((point, j) => {
      expect(Math.abs(point - Math.cos((j * Math.PI) / order))).toBeLessThan(1e-15);
    });
  });

  it('reproduces a polynomial of its own order between the points, by both formulas', () => {
    const points = chebyshevPoints(8);
    const polynomial = (z: number) => 1 - 2 * z + 3 * z ** 3 - 0.5 * z ** 8;
    const values = points.map(polynomial);
    const coefficients = chebyshevCoefficients(points, values);
    for (const z of [-1, -0.93, -0.2, 0, 0.31, 0.999, 1]) {
      expect(chebyshevSum(coefficients, z)).toBeCloseTo(polynomial(z), 13);
      const weighted = interpolationWeights(points, z).reduce((sum, weight, j) => sum + weight * values[j]!, 0);
      expect(weighted).toBeCloseTo(polynomial(z), 13);
    }
  });

  it('returns the value itself on a point', () => {
    const points = chebyshevPoints(4);
    expect([...interpolationWeights(points, points[1]!)]).toEqual([0, 1, 0, 0, 0]);
  });
});
