/**
 * Black-76 in batches: the plain form that every accelerated one must agree with.
 */
import { reportRows, requireBlack76Columns } from './batch-check';
import type { BatchReport, Black76Columns, SensitivityColumns } from './batch-columns';
import { writeBlack76Row } from './batch-row';

/**
 * Computes price, delta, gamma, vega, theta and rho of every row at a fixed forward, exactly as `black76` does.
 *
 * @param rows     inputs [see Black76Columns]
 * @param results  columns of the same length; every row is overwritten, bad rows with NaN
 * @throws PricingInputError when a column is missing or the columns differ in length
 */
export function computeBlack76Batch(rows: Black76Columns, results: SensitivityColumns): BatchReport {
  const count = requireBlack76Columns(rows, results);
  return reportRows(count, (row) => writeBlack76Row(rows, results, row));
}
