import fc from 'fast-check';
import { monotoneCurve } from './monotone-curve';

const curve = (points: readonly (readonly [number, number])[]) =>
  monotoneCurve({ at: Float64Array.from(points, ([x]) => x), values: Float64Array.from(points, ([, y]) => y) });

describe('monotoneCurve', () => {
  it('keeps a straight line, also beyond its ends, on uneven points', () => {
    const line = curve([0, 0.1, 0.5, 2].map((x) => [x, 3 - 2 * x] as const));
    for (const x of [-1, 0.05, 0.3, 1.7, 5]) expect(line(x)).toBeCloseTo(3 - 2 * x, 12);
  });

  it('comes within 1e-6 of a smooth function on 201 points', () => {
    const smooth = curve(Array.from({ length: 201 }, (_, k) => [k / 100, 1 / (1 + k / 100)] as const));
    for (let x = 0.013; x < 2; x += 0.07) expect(Math.abs(smooth(x) - 1 / (1 + x))).toBeLessThan(1e-6);
  });

  it('stays between neighbouring values', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 1, maxLength: 8 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, share) => {
          const found = curve(values.map((value, index) => [index, value] as const));
          values.slice(1).forEach((value, index) => {
            const [low, high] = [Math.min(value, values[index] as number), Math.max(value, values[index] as number)];
            expect(found(index + share)).toBeGreaterThanOrEqual(low - 1e-9);
            expect(found(index + share)).toBeLessThanOrEqual(high + 1e-9);
          });
        },
      ),
      { numRuns: 100 },
    );
  });
});
