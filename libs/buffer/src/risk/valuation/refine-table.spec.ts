import { finish } from '../steps';
import { refineTable } from './refine-table';

const errorOf = (reach: number, rowAt: (x: number) => Float64Array, xs: readonly number[]): number => {
  const table = finish(refineTable(reach, rowAt));
  const found = new Float64Array(2);
  return Math.max(
    ...xs.flatMap((x) => {
      table?.writeAt(x, found);
      return [...rowAt(x)].map((value, column) => Math.abs(value - (found[column] as number)));
    }),
  );
};
const everywhere = Array.from({ length: 101 }, (_, point) => -1 + point / 50 + 0.0007);

describe('refineTable', () => {
  it('tabulates smooth functions by the first points and their middles, and little more', () => {
    let asked = 0;
    const smooth = (x: number) => {
      asked += 1;
      return Float64Array.of(x * x, 3 * x - 1);
    };
    expect(finish(refineTable(1, smooth))?.width).toBe(2);
    expect(asked).toBeLessThan(40);
    expect(errorOf(1, smooth, everywhere)).toBeLessThan(1e-3);
  });

  it('halves the intervals around a bend, and those only', () => {
    let asked = 0;
    const bent = (x: number) => {
      asked += 1;
      return Float64Array.of(Math.max(0, x - 0.123), 0);
    };
    finish(refineTable(1, bent));
    expect(asked).toBeGreaterThan(33);
    expect(asked).toBeLessThan(60);
    expect(errorOf(1, bent, everywhere)).toBeLessThan(2e-3);
  });

  it('has no table of functions without values', () => {
    expect(finish(refineTable(1, (x) => (x > 0 ? null : Float64Array.of(x))))).toBeNull();
  });
});
