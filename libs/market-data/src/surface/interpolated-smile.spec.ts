import * as fc from 'fast-check';
import { interpolatedVariance, smileNodes } from './interpolated-smile';

describe('the interpolated smile', () => {
  const nodes = smileNodes([
    { k: 0.2, variance: 0.05 },
    { k: -0.2, variance: 0.07 },
    { k: 0, variance: 0.04 },
    { k: -0.2, variance: 0.09 },
  ]);

  it('goes through the quotes, the mean of equal strikes', () => {
    for (const [k, variance] of [
      [-0.2, 0.08],
      [0, 0.04],
      [0.2, 0.05],
    ] as const) {
      expect(interpolatedVariance(nodes, k).variance).toBeCloseTo(variance, 15);
    }
  });

  it('is level beyond the outer quotes', () => {
    expect(interpolatedVariance(nodes, -5)).toEqual({ variance: 0.08, slope: 0, curvature: 0 });
    expect(interpolatedVariance(nodes, 5)).toEqual({ variance: 0.05, slope: 0, curvature: 0 });
    expect(interpolatedVariance(smileNodes([{ k: 0.1, variance: 0.03 }]), -1).variance).toBe(0.03);
  });

  it('stays between neighbouring quotes and has the derivatives of its curve', () => {
    const knots = fc.uniqueArray(
      fc.record({ k: fc.integer({ min: -100, max: 100 }), w: fc.integer({ min: 1, max: 100 }) }),
      {
        selector: ({ k }) => k,
        minLength: 2,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(knots, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (points, share) => {
        const sorted = smileNodes(points.map(({ k, w }) => ({ k: k / 100, variance: w / 100 })));
        for (let index = 1; index < sorted.length; index += 1) {
          const [left, right] = [sorted[index - 1], sorted[index]] as [(typeof sorted)[0], (typeof sorted)[0]];
          const k = left.k + share * (right.k - left.k);
          const { variance, slope, curvature } = interpolatedVariance(sorted, k);
          expect(variance).toBeGreaterThanOrEqual(Math.min(left.variance, right.variance) - 1e-12);
          expect(variance).toBeLessThanOrEqual(Math.max(left.variance, right.variance) + 1e-12);
          const h = 1e-6 * (right.k - left.k);
          const [before, after] = [interpolatedVariance(sorted, k - h), interpolatedVariance(sorted, k + h)];
          const scale = 1 + Math.abs(slope) + Math.abs(curvature);
          expect(Math.abs((after.variance - before.variance) / (2 * h) - slope) / scale).toBeLessThan(1e-4);
          expect(Math.abs((after.slope - before.slope) / (2 * h) - curvature) / scale).toBeLessThan(1e-4);
        }
      }),
    );
  });

  it('needs a point', () => expect(() => smileNodes([])).toThrow('without a point'));
});
