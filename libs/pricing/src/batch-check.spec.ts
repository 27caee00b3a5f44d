import { reportRows, requireBlack76Columns, requireBlackScholesColumns, requireOneLength } from './batch-check';
import type { BlackScholesColumns } from './batch-columns';
import { PricingInputError } from './pricing-input-error';

describe('requireOneLength', () => {
  it('returns the common length', () => {
    expect(requireOneLength(['a', 'b'], { a: new Float64Array(3), b: new Float64Array(3) })).toBe(3);
    expect(requireOneLength([], {})).toBe(0);
    expect(requireOneLength(['a'], { a: new Float64Array(3) }, 3)).toBe(3);
  });

  it('names the column that differs and both lengths', () => {
    const columns = { spot: new Float64Array(3), strike: new Float64Array(2) };
    expect(() => requireOneLength(['spot', 'strike'], columns)).toThrow(
      'strike.length must be 3 as in the first column, got 2',
    );
  });

  it('refuses another kind of array', () => {
    const columns = { spot: [1, 2, 3] as unknown as Float64Array };
    expect(() => requireOneLength(['spot'], columns)).toThrow(PricingInputError);
  });
});

describe('requireBlackScholesColumns and requireBlack76Columns', () => {
  const column = new Float64Array(2);
  const common = { strike: column, yearsToExpiry: column, rate: column, volatility: column, right: column };
  const results = { price: column, delta: column, gamma: column, vega: column, theta: column, rho: column };

  it('return the length of inputs and results', () => {
    expect(requireBlackScholesColumns({ ...common, spot: column, dividendYield: column }, results)).toBe(2);
    expect(requireBlackScholesColumns({ ...common, spot: column, dividendYield: column })).toBe(2);
    expect(requireBlack76Columns({ ...common, forward: column }, results)).toBe(2);
  });

  it('name a column that is missing or of another length', () => {
    const withoutYield = { ...common, spot: column } as unknown as BlackScholesColumns;
    expect(() => requireBlackScholesColumns(withoutYield)).toThrow('dividendYield must be a Float64Array');
    const short = { ...results, rho: new Float64Array(1) };
    expect(() => requireBlack76Columns({ ...common, forward: column }, short)).toThrow('rho.length must be 2');
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
