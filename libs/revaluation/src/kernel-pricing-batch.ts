/**
 * The batch functions of libs/pricing on the SIMD kernel: the caller's columns pass through kernel memory in chunks.
 */
import {
  requireBlack76Columns,
  requireBlackScholesColumns,
  requireOneLength,
  type BatchReport,
  type Black76Columns,
  type BlackScholesColumns,
  type PricingBatch,
  type SensitivityColumns,
} from '@ballast/pricing';
import { createResidentBatch, type ResidentBatch } from './resident-batch';
import { createScenarioKernel } from './scenario-kernel';

/**
 * Creates the batch functions on a kernel instance of their own.
 *
 * They agree with `plainPricingBatch` within 1e-15·max(spot, strike, both discounted) in price and twice the accuracy
 * bar of each sensitivity; a row's results depend on nothing but the row.
 */
export function createKernelPricingBatch(): PricingBatch {
  const resident = createResidentBatch(CHUNK_ROWS);
  return {
    computeBlackScholesBatch: (rows, results) => blackScholesBatch(resident, rows, results),
    computeBlackScholesPrices: (rows, price) => blackScholesPrices(resident, rows, price),
    computeBlack76Batch: (rows, results) => black76Batch(resident, rows, results),
    valueScenarioGrid: createScenarioKernel(resident),
  };
}

/**
 * Returns the calling thread's batch functions; the kernel is loaded by the first call.
 *
 * @throws KernelUnavailableError when the kernel was not built or the engine has no WebAssembly SIMD
 */
export function kernelPricingBatch(): PricingBatch {
  perThread ??= createKernelPricingBatch();
  return perThread;
}

let perThread: PricingBatch | undefined;

/**
 * Thirteen columns of 1024 rows are 106 KB: they leave the second-level cache to the caller's columns, which shows when
 * others use the third, and few enough calls copy them.
 */
export const CHUNK_ROWS = 1024;

function blackScholesBatch(resident: ResidentBatch, rows: BlackScholesColumns, results: SensitivityColumns) {
  const count = requireBlackScholesColumns(rows, results);
  return inChunks(count, (start, end) => {
    copyBlackScholes(resident, rows, start, end);
    const report = resident.computeBlackScholes(end - start);
    copyResults(resident, results, start, end);
    return report;
  });
}

function blackScholesPrices(resident: ResidentBatch, rows: BlackScholesColumns, price: Float64Array) {
  const count = requireOneLength(['price'], { price }, requireBlackScholesColumns(rows));
  return inChunks(count, (start, end) => {
    copyBlackScholes(resident, rows, start, end);
    const report = resident.computeBlackScholesPrices(end - start);
    price.set(stretch(resident.results.price, 0, end - start), start);
    return report;
  });
}

function black76Batch(resident: ResidentBatch, rows: Black76Columns, results: SensitivityColumns) {
  const count = requireBlack76Columns(rows, results);
  const { inputs } = resident;
  return inChunks(count, (start, end) => {
    inputs.spot.set(stretch(rows.forward, start, end));
    inputs.strike.set(stretch(rows.strike, start, end));
    inputs.yearsToExpiry.set(stretch(rows.yearsToExpiry, start, end));
    inputs.rate.set(stretch(rows.rate, start, end));
    inputs.volatility.set(stretch(rows.volatility, start, end));
    inputs.right.set(stretch(rows.right, start, end));
    const report = resident.computeBlack76(end - start);
    copyResults(resident, results, start, end);
    return report;
  });
}

function inChunks(count: number, compute: (start: number, end: number) => BatchReport): BatchReport {
  const badRows: number[] = [];
  for (let start = 0; start < count; start += CHUNK_ROWS) {
    const report = compute(start, Math.min(start + CHUNK_ROWS, count));
    for (const row of report.badRows) badRows.push(start + row);
  }
  return { badCount: badRows.length, badRows };
}

function copyBlackScholes({ inputs }: ResidentBatch, rows: BlackScholesColumns, start: number, end: number): void {
  inputs.spot.set(stretch(rows.spot, start, end));
  inputs.strike.set(stretch(rows.strike, start, end));
  inputs.yearsToExpiry.set(stretch(rows.yearsToExpiry, start, end));
  inputs.rate.set(stretch(rows.rate, start, end));
  inputs.dividendYield.set(stretch(rows.dividendYield, start, end));
  inputs.volatility.set(stretch(rows.volatility, start, end));
  inputs.right.set(stretch(rows.right, start, end));
}

function copyResults({ results }: ResidentBatch, target: SensitivityColumns, start: number, end: number): void {
  const count = end - start;
  target.price.set(stretch(results.price, 0, count), start);
  target.delta.set(stretch(results.delta, 0, count), start);
  target.gamma.set(stretch(results.gamma, 0, count), start);
  target.vega.set(stretch(results.vega, 0, count), start);
  target.theta.set(stretch(results.theta, 0, count), start);
  target.rho.set(stretch(results.rho, 0, count), start);
}

/** A column's rows start … end − 1: the column itself when that is all of it, as every view costs as much as 100 rows. */
function stretch(column: Float64Array, start: number, end: number): Float64Array {
  return end - start === column.length ? column : column.subarray(start, end);
}
