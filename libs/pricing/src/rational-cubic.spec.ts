import { controlFromLeft, controlFromRight, interpolateRationalCubic } from './rational-cubic';

/** A segment of f on [a, b]. */
function segmentOf(f: (x: number) => number, slope: (x: number) => number, a: number, b: number) {
  return { width: b - a, leftValue: f(a), rightValue: f(b), leftSlope: slope(a), rightSlope: slope(b) };
}

describe('rational cubic interpolation', () => {
  it('is the ordinary cubic at control 3', () => {
    const cubic = segmentOf(
      (x) => x ** 3 - x,
      (x) => 3 * x * x - 1,
      1,
      3,
    );
    expect(interpolateRationalCubic(cubic, 0.5, 1.5, 3)).toBeCloseTo(1.5 ** 3 - 1.5, 14);
  });

  it('meets both ends, in value and slope', () => {
    const segment = segmentOf(Math.exp, Math.exp, 0, 1);
    const control = controlFromLeft(segment, 1);
    expect(interpolateRationalCubic(segment, 0, 1, control)).toBe(1);
    expect(interpolateRationalCubic(segment, 1, 0, control)).toBe(Math.E);
    const near = interpolateRationalCubic(segment, 1e-6, 1 - 1e-6, control);
    expect((near - 1) / 1e-6).toBeCloseTo(1, 5);
  });

  it('takes the second derivative asked for, at either end', () => {
    const segment = segmentOf(Math.exp, Math.exp, 0, 1);
    const second = (control: number, at: number) => {
      const value = (x: number) => interpolateRationalCubic(segment, x, 1 - x, control);
      return (value(at + 1e-4) - 2 * value(at) + value(at - 1e-4)) / 1e-8;
    };
    expect(second(controlFromLeft(segment, 1), 0)).toBeCloseTo(1, 3);
    expect(second(controlFromRight(segment, Math.E), 1)).toBeCloseTo(Math.E, 3);
  });

  it('keeps convexity where the fit alone would not', () => {
    const segment = { width: 1, leftValue: 0, rightValue: 1, leftSlope: 0.01, rightSlope: 30 };
    const control = controlFromLeft(segment, 0);
    const values = Array.from({ length: 101 }, (_, i) =>
      interpolateRationalCubic(segment, i / 100, 1 - i / 100, control),
    );
    for (let i = 1; i < 100; i++) {
      expect(values[i - 1]! - 2 * values[i]! + values[i + 1]!).toBeGreaterThanOrEqual(-1e-15);
    }
  });

  it('is the chord where the data are straight', () => {
    const line = { width: 2, leftValue: 1, rightValue: 5, leftSlope: 2, rightSlope: 2 };
    expect(interpolateRationalCubic(line, 0.5, 1.5, controlFromLeft(line, 0))).toBe(2);
  });
});
