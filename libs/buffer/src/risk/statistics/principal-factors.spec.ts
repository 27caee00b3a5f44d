import fc from 'fast-check';
import { principalFactors } from './principal-factors';

const square = (factor: Float64Array, size: number) =>
  Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    let sum = 0;
    for (let index = 0; index < size; index += 1)
      sum += (factor[row * size + index] ?? 0) * (factor[column * size + index] ?? 0);
    return sum;
  });

describe('principalFactors', () => {
  it('of correlation ½ has eigenvalues 3/2 and 1/2', () => {
    const found = principalFactors(Float64Array.of(1, 0.5, 0.5, 1), 2);
    [Math.sqrt(0.75), 0.5, Math.sqrt(0.75), -0.5].forEach((value, index) =>
      expect(Math.abs(found[index] as number)).toBeCloseTo(Math.abs(value), 14),
    );
  });

  it('of two factors that are one leaves nothing for the second', () => {
    const found = principalFactors(Float64Array.of(4, 4, 4, 4), 2);
    expect(found[0]).toBeCloseTo(2, 14);
    expect(Math.abs(found[1] as number)).toBeLessThan(1e-7);
  });

  it('multiplies back to any covariance, also one of rank below its size', () => {
    const column = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(column, { minLength: 5, maxLength: 5 }), (rows) => {
        const covariance = Float64Array.from({ length: 25 }, (_, place) =>
          (rows[Math.floor(place / 5)] ?? []).reduce(
            (sum, value, index) => sum + value * (rows[place % 5]?.[index] ?? 0),
            0,
          ),
        );
        square(principalFactors(covariance, 5), 5).forEach((value, index) =>
          expect(value).toBeCloseTo(covariance[index] as number, 12),
        );
      }),
      { numRuns: 50 },
    );
  });
});
