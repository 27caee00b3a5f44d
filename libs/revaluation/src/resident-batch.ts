/**
 * A batch whose columns live in kernel memory: fill the inputs, compute, read the results, nothing is copied.
 */
import {
  writeBlack76Row,
  writeBlackScholesPrice,
  writeBlackScholesRow,
  type BatchReport,
  type SensitivityColumns,
} from '@ballast/pricing';
import { createKernelRows, type KernelInputColumns, type KernelRows, type RowFunction } from './kernel-rows';

/** Columns of `capacity` rows and the functions that value the first `count` of them in place. */
export interface ResidentBatch {
  readonly capacity: number;
  /** For Black-76 `spot` holds the forward and `dividendYield` is not read. */
  readonly inputs: KernelInputColumns;
  readonly results: SensitivityColumns;
  computeBlackScholes(count: number): BatchReport;
  /** Writes `results.price` alone. */
  computeBlackScholesPrices(count: number): BatchReport;
  computeBlack76(count: number): BatchReport;
}

/**
 * Creates a resident batch with a memory of its own, freed with the object.
 *
 * Rows outside the box of the lanes (price 1e-5 … 1e9, |rate·T| + |yield·T| ≤ 2, σ√T 1e-8 … 50; so every limit case)
 * are valued by the scalar functions of libs/pricing, to their bits.
 */
export function createResidentBatch(capacity: number): ResidentBatch {
  const rows = createKernelRows(capacity);
  const { inputs, results } = rows;
  const futures = { ...inputs, forward: inputs.spot };
  return {
    capacity,
    inputs,
    results,
    computeBlackScholes: (count) =>
      compute(rows, 'blackScholesRows', count, (row) => writeBlackScholesRow(inputs, results, row)),
    computeBlackScholesPrices: (count) =>
      compute(rows, 'blackScholesPrices', count, (row) => writeBlackScholesPrice(inputs, results.price, row)),
    computeBlack76: (count) => compute(rows, 'black76Rows', count, (row) => writeBlack76Row(futures, results, row)),
  };
}

function compute(rows: KernelRows, what: RowFunction, count: number, writeRow: (row: number) => boolean): BatchReport {
  if (!(count >= 0 && count <= rows.capacity)) {
    throw new RangeError(`count must be 0 … ${rows.capacity}, got ${count}`);
  }
  const badRows: number[] = [];
  for (const row of rows.value(what, count)) if (!writeRow(row)) badRows.push(row);
  return { badCount: badRows.length, badRows };
}
