import { gaussLegendre } from './gauss-legendre';

describe('gaussLegendre', () => {
  it('gives the two-point rule of the textbooks', () => {
    const { nodes, weights } = gaussLegendre(2);
    expect(nodes[0]).toBeCloseTo(0.5 - 0.5 / Math.sqrt(3), 15);
    expect(nodes[1]).toBeCloseTo(0.5 + 0.5 / Math.sqrt(3), 15);
    expect([...weights]).toEqual([expect.closeTo(0.5, 15), expect.closeTo(0.5, 15)]);
  });

  it.each([1, 3, 8, 10, 16, 20, 64])('integrates every power below 2·%i exactly', (points) => {
    const { nodes, weights } = gaussLegendre(points);
    for (let power = 0; power < 2 * points; power++) {
      const integral = weights.reduce((sum, weight, k) => sum + weight * nodes[k]! ** power, 0);
      expect(Math.abs(integral * (power + 1) - 1)).toBeLessThan(1e-13);
    }
  });

  it('lists increasing nodes, symmetric about the middle', () => {
    const { nodes } = gaussLegendre(31);
    nodes.forEach((node, k) => {
      expect(node + nodes[30 - k]!).toBeCloseTo(1, 14);
      if (k > 0) expect(node).toBeGreaterThan(nodes[k - 1]!);
    });
  });
});
