/**
 * Black-Scholes in batches: the plain form that every accelerated one must agree with.
 */
import { reportRows, requireBlackScholesColumns, requireOneLength } from './batch-check';
import type { BatchReport, BlackScholesColumns, SensitivityColumns } from './batch-columns';
import { writeBlackScholesPrice, writeBlackScholesRow } from './batch-row';

/**
 * Computes price, delta, gamma, vega, theta and rho of every row, exactly as `blackScholes` does.
 *
 * A row with an inadmissible input gets NaN in every result and is reported. The limits T = 0, σ = 0, K = 0, S = 0 and
 * σ = ∞ are valid.
 *
 * @param rows     inputs [see BlackScholesColumns]
 * @param results  columns of the same length; every row is overwritten
 * @throws PricingInputError when a column is missing or the columns differ in length
 */
export function computeBlackScholesBatch(rows: BlackScholesColumns, results: SensitivityColumns): BatchReport {
  const count = requireBlackScholesColumns(rows, results);
  return reportRows(count, (row) => writeBlackScholesRow(rows, results, row));
}

/** Computes the price of every row, exactly as `blackScholesPrice` does; bad rows as in `computeBlackScholesBatch`. */
export function computeBlackScholesPrices(rows: BlackScholesColumns, price: Float64Array): BatchReport {
  const count = requireOneLength(['price'], { price }, requireBlackScholesColumns(rows));
  return reportRows(count, (row) => writeBlackScholesPrice(rows, price, row));
}
