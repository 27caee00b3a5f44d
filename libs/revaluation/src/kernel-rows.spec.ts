import { columnStride, createKernelRows } from './kernel-rows';

describe('createKernelRows', () => {
  it('keeps columns apart for any number of rows', () => {
    for (const capacity of [1, 3, 4, 511, 512, 513, 2048]) {
      const rows = createKernelRows(capacity);
      const columns = [...Object.values(rows.inputs), ...Object.values(rows.results)] as Float64Array[];
      columns.forEach((column, index) => column.fill(index + 1));
      columns.forEach((column, index) => expect([...new Set(column)]).toEqual([index + 1]));
      expect(columns.every((column) => column.length === capacity)).toBe(true);
    }
  });

  it('lists the rows outside the box in order and none beyond the count', () => {
    const rows = createKernelRows(6);
    for (const column of Object.values(rows.inputs) as Float64Array[]) column.fill(1);
    rows.inputs.spot.set([1, NaN, 1, 1e10, 1, NaN]);
    expect([...rows.value('blackScholesRows', 6)]).toEqual([1, 3, 5]);
    expect([...rows.value('blackScholesRows', 5)]).toEqual([1, 3]);
    expect([...rows.value('blackScholesPrices', 1)]).toEqual([]);
    expect([...rows.value('black76Rows', 0)]).toEqual([]);
  });
});

describe('columnStride', () => {
  it('is at least the column and off a multiple of the page', () => {
    for (const rows of [4, 512, 516, 2048, 100_000]) {
      expect(columnStride(rows)).toBeGreaterThanOrEqual(rows * 8);
      expect(columnStride(rows) % 64).toBe(0);
    }
  });

  it('puts each of thirteen columns into its own part of the page', () => {
    for (const rows of [512, 4096]) {
      const offsets = Array.from({ length: 13 }, (_, column) => (column * columnStride(rows)) % 4096);
      const sorted = offsets.sort((a, b) => a - b);
      for (let index = 1; index < 13; index++) expect(sorted[index]! - sorted[index - 1]!).toBeGreaterThanOrEqual(64);
    }
  });
});
