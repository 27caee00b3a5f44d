import { reportRows, requireOneLength } from './batch-check';
import { PricingInputError } from './pricing-input-error';

describe('requireOneLength', () => {
  it('returns the common length', () => {
    expect(requireOneLength({ a: new Float64Array(3), b: new Float64Array(3) })).toBe(3);
    expect(requireOneLength({})).toBe(0);
  });

  it('names the column that differs and both lengths', () => {
    const columns = { spot: new Float64Array(3), strike: new Float64Array(2) };
    expect(() => requireOneLength(columns)).toThrow('strike.length must be 3 as in the first column, got 2');
  });

  it('refuses another kind of array', () => {
    const columns = { spot: [1, 2, 3] as unknown as Float64Array };
    expect(() => requireOneLength(columns)).toThrow(PricingInputError);
  });
});

describe('reportRows', () => {
  it('visits every row once and lists the refused ones in order', () => {
    const visited: number[] = [];
    const report = reportRows(5, (row) => {
      visited.push(row);
      return row % 2 === 0;
    });
    expect(visited).toEqual([0, 1, 2, 3, 4]);
    expect(report).toEqual({ badCount: 2, badRows: [1, 3] });
  });
});
