import { monotoneCurve } from '../valuation/monotone-curve';
import type { BufferCurve } from './buffer-curve';
import { crossingProbability, nearestBarriers } from './crossing';

const curveOf = (at: number[], buffers: number[]): BufferCurve => {
  const points = { at: Float64Array.from(at), values: Float64Array.from(buffers) };
  const bufferAt = monotoneCurve(points);
  return { at: points.at, buffers: points.values, bufferAt, equityAt: bufferAt };
};

describe('nearestBarriers', () => {
  const tent = curveOf([-2, -1, 0, 1, 2], [-1, 1, 2, 1, -3]);

  it('finds both sides, farther away with more cash, none where the buffer stays', () => {
    expect(nearestBarriers(tent, 0.2, 0)).toEqual({ lower: -1.5, upper: 1.25 });
    expect(nearestBarriers(tent, 0.2, 0.5)).toEqual({ lower: -1.75, upper: 1.375 });
    expect(nearestBarriers(tent, 0.2, 1)).toEqual({ lower: -Infinity, upper: 1.5 });
    expect(nearestBarriers(curveOf([-1, 1], [3, 2]), 0, 0)).toEqual({ lower: -Infinity, upper: Infinity });
  });
});

describe('crossingProbability', () => {
  const none = { lower: -Infinity, upper: Infinity };

  it('is that of one bridge, or of either of two', () => {
    const one = { move: 0, barriers: { lower: -1, upper: Infinity } };
    expect(crossingProbability(one, one, 1)).toBeCloseTo(Math.exp(-2), 14);
    const both = { move: 0, barriers: { lower: -1, upper: 1 } };
    expect(crossingProbability(both, both, 1)).toBeCloseTo(1 - (1 - Math.exp(-2)) ** 2, 14);
    expect(crossingProbability({ move: 0, barriers: none }, { move: 0, barriers: none }, 1)).toBe(0);
  });

  it('keeps a barrier that only one end knows where it is', () => {
    const found = crossingProbability(
      { move: 0, barriers: none },
      { move: 0, barriers: { lower: -1, upper: Infinity } },
      1,
    );
    expect(found).toBeCloseTo(Math.exp(-2), 14);
  });
});
