import { monotoneCurve } from './monotone-curve';
import { monotoneTable } from './monotone-table';

const at = Float64Array.of(-2, -0.5, 0, 1, 3);
const columns = [
  [4, 0.25, 0, 1, 9],
  [1, -1, 2, 2, -7],
].map((values) => Float64Array.from(values));
const rows = [...at].map((_, point) => Float64Array.from(columns, (column) => column[point] as number));

describe('monotoneTable', () => {
  it('gives what the curve of each column gives, within and beyond the points', () => {
    const table = monotoneTable(at, rows);
    const curves = columns.map((values) => monotoneCurve({ at, values }));
    const found = new Float64Array(2);
    for (const x of [-3, -2, -1.3, -0.5, 0.01, 0.7, 1, 2.9, 3, 5]) {
      table.writeAt(x, found);
      curves.forEach((curve, column) => expect(found[column]).toBeCloseTo(curve(x), 13));
    }
    expect(table.width).toBe(2);
  });

  it('of one point is constant', () => {
    const found = new Float64Array(2);
    monotoneTable(Float64Array.of(1), [Float64Array.of(5, 6)]).writeAt(9, found);
    expect([...found]).toEqual([5, 6]);
  });
});
