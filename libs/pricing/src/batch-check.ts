/**
 * The checks every batch function makes of its columns before it reads a row.
 */
import type { BatchReport, Black76Columns, BlackScholesColumns, SensitivityColumns } from './batch-columns';
import { PricingInputError } from './pricing-input-error';

/**
 * Returns the common length of a batch's columns. The names are given because gathering the columns of a call into one
 * record costs as much as valuing a thousand rows.
 *
 * @param names    the columns that must be there
 * @param columns  input or result columns by name
 * @param length   what the columns of the same batch checked before have; absent for the first ones
 * @throws PricingInputError naming the first column that is no Float64Array or differs in length
 */
export function requireOneLength<Name extends string>(
  names: readonly Name[],
  columns: Readonly<Record<Name, Float64Array>>,
  length = -1,
): number {
  for (const name of names) {
    const column = columns[name];
    if (!(column instanceof Float64Array)) throw new PricingInputError(name, column, 'must be a Float64Array');
    if (length < 0) length = column.length;
    if (column.length !== length) {
      throw new PricingInputError(`${name}.length`, column.length, `must be ${length} as in the first column`);
    }
  }
  return Math.max(0, length);
}

/** Checks the columns of a Black-Scholes batch and returns their length; see `requireOneLength`. */
export function requireBlackScholesColumns(rows: BlackScholesColumns, results?: SensitivityColumns): number {
  const count = requireOneLength(blackScholesNames, rows);
  return results === undefined ? count : requireOneLength(sensitivityNames, results, count);
}

/** Checks the columns of a Black-76 batch and returns their length; see `requireOneLength`. */
export function requireBlack76Columns(rows: Black76Columns, results: SensitivityColumns): number {
  return requireOneLength(sensitivityNames, results, requireOneLength(black76Names, rows));
}

/** Applies `writeRow` to every row and reports those it refused. */
export function reportRows(count: number, writeRow: (row: number) => boolean): BatchReport {
  const badRows: number[] = [];
  for (let row = 0; row < count; row++) if (!writeRow(row)) badRows.push(row);
  return { badCount: badRows.length, badRows };
}

const black76Names = ['forward', 'strike', 'yearsToExpiry', 'rate', 'volatility', 'right'] as const;
const blackScholesNames = ['spot', 'strike', 'yearsToExpiry', 'rate', 'dividendYield', 'volatility', 'right'] as const;
const sensitivityNames = ['price', 'delta', 'gamma', 'vega', 'theta', 'rho'] as const;
