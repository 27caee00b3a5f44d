import { isSeriesRange, millsDifference } from './mills-difference';

/** [h, t, Y(h + t) − Y(h − t)], Y = Φ/φ: 120-digit arithmetic (mpmath 1.3), rounded to double. */
const DIFFERENCES = [
  [0, 0.1, 0.20066800190688025],
  [-0.5, 0.3, 0.3446309493229732],
  [-3, 0.4, 0.06973124094351163],
  [-8, 0.05, 0.0014944822160004637],
  [-30, 0.05, 0.00011074308776130131],
  [-30, 0.5, 0.0011077331609828601],
  [-5, 2, 0.16448611525705306],
] as const;

describe("the difference of Mills' ratios", () => {
  it.each(DIFFERENCES)('at h = %d, t = %d keeps its relative precision', (h, t, value) => {
    const bound = 4 * 2.22e-16 * (1 + h * h);
    expect(Math.abs(millsDifference(h, t) / value - 1)).toBeLessThanOrEqual(bound);
  });

  it('joins the series and the direct form without a jump', () => {
    for (let h = -0.25; h > -4; h -= 0.25) {
      const inside = millsDifference(h, 0.5);
      const outside = millsDifference(h, 0.5 + 2 ** -30);
      expect(isSeriesRange(h, 0.5)).toBe(true);
      expect(isSeriesRange(h, 0.5 + 2 ** -30)).toBe(false);
      if (h + 0.5 < 0) expect(outside / inside - 1).toBeLessThan(2 ** -27);
    }
  });

  it('leaves the range of the series far out', () => {
    expect(isSeriesRange(-30, 0.06)).toBe(true);
    expect(isSeriesRange(-30, 0.07)).toBe(false);
  });
});
