import { lossMoments } from './delta-gamma-risk';

describe('lossMoments', () => {
  it('of one underlying: δ 3, γ 8, σ² 0.25', () => {
    const { mean, deviation, skewness, excessKurtosis } = lossMoments(
      { delta: Float64Array.of(3), gamma: Float64Array.of(8) },
      Float64Array.of(0.25),
    );
    const variance = 9 * 0.25 + 0.5 * 64 * 0.0625;
    expect(mean).toBe(-1);
    expect(deviation ** 2).toBeCloseTo(variance, 12);
    expect(skewness).toBeCloseTo(-(3 * 9 * 8 * 0.0625 + 512 * 0.015625) / variance ** 1.5, 12);
    expect(excessKurtosis).toBeCloseTo((12 * 9 * 64 * 0.015625 + 3 * 4096 * 0.00390625) / variance ** 2, 12);
  });

  it('of two independent underlyings adds up cumulant by cumulant', () => {
    const one = lossMoments({ delta: Float64Array.of(3), gamma: Float64Array.of(8) }, Float64Array.of(0.25));
    const two = lossMoments(
      { delta: Float64Array.of(3, 3), gamma: Float64Array.of(8, 0, 0, 8) },
      Float64Array.of(0.25, 0, 0, 0.25),
    );
    expect(two.mean).toBeCloseTo(2 * one.mean, 12);
    expect(two.deviation ** 2).toBeCloseTo(2 * one.deviation ** 2, 12);
    expect(two.skewness).toBeCloseTo(one.skewness / Math.sqrt(2), 12);
    expect(two.excessKurtosis).toBeCloseTo(one.excessKurtosis / 2, 12);
  });

  it('does not move without a market', () => {
    expect(lossMoments({ delta: Float64Array.of(3), gamma: Float64Array.of(0) }, Float64Array.of(0)).deviation).toBe(0);
  });
});
