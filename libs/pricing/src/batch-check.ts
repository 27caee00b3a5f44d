/**
 * The checks every batch function makes of its columns before it reads a row.
 */
import type { BatchReport } from './batch-columns';
import { PricingInputError } from './pricing-input-error';

/**
 * Returns the common length of a batch's columns.
 *
 * @param columns  input and result columns by name
 * @throws PricingInputError naming the first column that is no Float64Array or differs in length from the first
 */
export function requireOneLength(columns: Readonly<Record<string, Float64Array>>): number {
  let length = -1;
  for (const [name, column] of Object.entries(columns)) {
    if (!(column instanceof Float64Array)) throw new PricingInputError(name, column, 'must be a Float64Array');
    if (length < 0) length = column.length;
    if (column.length !== length) {
      throw new PricingInputError(`${name}.length`, column.length, `must be ${length} as in the first column`);
    }
  }
  return Math.max(0, length);
}

/** Applies `writeRow` to every row and reports those it refused. */
export function reportRows(count: number, writeRow: (row: number) => boolean): BatchReport {
  const badRows: number[] = [];
  for (let row = 0; row < count; row++) if (!writeRow(row)) badRows.push(row);
  return { badCount: badRows.length, badRows };
}
