/**
 * Columns of option rows in the memory of a kernel instance, and the calls that value them.
 */
import type { SensitivityColumns } from '@ballast/pricing';
import { instantiateKernel, type KernelExports } from './kernel-module';

/** Input columns in kernel memory; the yield column is unused by Black-76. */
export interface KernelInputColumns {
  readonly spot: Float64Array;
  readonly strike: Float64Array;
  readonly yearsToExpiry: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
  readonly volatility: Float64Array;
  readonly right: Float64Array;
}

export type RowFunction = 'blackScholesRows' | 'black76Rows' | 'blackScholesPrices';

/** A kernel instance laid out for a number of rows. */
export interface KernelRows {
  readonly capacity: number;
  readonly inputs: KernelInputColumns;
  readonly results: SensitivityColumns;
  /**
   * Values the first `count` rows in place.
   *
   * @returns the rows outside the box the lanes answer for, ascending; their results hold nothing of use
   */
  value(what: RowFunction, count: number): Int32Array;
}

/**
 * Lays out a kernel instance for `capacity` rows.
 *
 * Columns are cache lines apart from a multiple of 4 KiB: columns at equal distance modulo the page share the sets of
 * the first-level cache and evict each other, which costs a quarter of the speed.
 */
export function createKernelRows(capacity: number): KernelRows {
  const padded = Math.ceil(capacity / LANES) * LANES;
  const stride = columnStride(padded);
  const kernel = instantiateKernel((INPUT_COLUMNS + RESULT_COLUMNS) * stride + 4 * (padded + LANES));
  const input = kernel.scratchStart();
  const output = input + INPUT_COLUMNS * stride;
  const flagged = output + RESULT_COLUMNS * stride;
  const column = (start: number, index: number) =>
    new Float64Array(kernel.memory.buffer, start + index * stride, capacity);
  const flaggedRows = new Int32Array(kernel.memory.buffer, flagged, padded + LANES);
  return {
    capacity,
    inputs: {
      spot: column(input, 0),
      strike: column(input, 1),
      yearsToExpiry: column(input, 2),
      rate: column(input, 3),
      dividendYield: column(input, 4),
      volatility: column(input, 5),
      right: column(input, 6),
    },
    results: {
      price: column(output, 0),
      delta: column(output, 1),
      gamma: column(output, 2),
      vega: column(output, 3),
      theta: column(output, 4),
      rho: column(output, 5),
    },
    value: (what, count) => valueRows(kernel, what, count, { input, output, stride, flagged, flaggedRows }),
  };
}

/**
 * Distance between columns [byte]: nine cache lines off a multiple of the page. Any number of lines keeps columns out of
 * each other's cache sets; nine spread the thirteen columns over the page, so that few of them lie just after the column
 * of a caller they are copied from or to, as that halves the speed of a copy on processors that compare page offsets.
 */
export function columnStride(rows: number): number {
  const bytes = rows * Float64Array.BYTES_PER_ELEMENT;
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES + SPREAD_BYTES;
}

interface RowLayout {
  readonly input: number;
  readonly output: number;
  readonly stride: number;
  readonly flagged: number;
  readonly flaggedRows: Int32Array;
}

function valueRows(kernel: KernelExports, what: RowFunction, count: number, layout: RowLayout): Int32Array {
  const padded = Math.ceil(count / LANES) * LANES;
  let flagCount = kernel[what](padded, layout.input, layout.output, layout.stride, layout.flagged);
  // The rows that fill up the last vector hold whatever was there before.
  while (flagCount > 0 && (layout.flaggedRows[flagCount - 1] as number) >= count) flagCount -= 1;
  return layout.flaggedRows.subarray(0, flagCount);
}

/** Rows the kernel takes at a time. */
export const LANES = 4;
const INPUT_COLUMNS = 7;
const RESULT_COLUMNS = 6;
const PAGE_BYTES = 4096;
const SPREAD_BYTES = 9 * 64;
