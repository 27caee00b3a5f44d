/**
 * One row of a batch through the scalar functions: what the plain batch functions do with every row, and the kernel
 * with the rows its lanes leave.
 */
import type { Black76Columns, BlackScholesColumns, SensitivityColumns } from './batch-columns';
import { black76, type Black76Input } from './black76';
import { blackScholes, blackScholesPrice, type BlackScholesInput } from './black-scholes';
import { PricingInputError } from './pricing-input-error';

/** The first-order part of a scalar result. */
interface FirstOrder {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly vega: number;
  readonly theta: number;
  readonly rho: number;
}

/**
 * Writes price and sensitivities of one Black-Scholes row.
 *
 * @returns whether the row's inputs are admissible; if not, every result is NaN
 */
export function writeBlackScholesRow(rows: BlackScholesColumns, results: SensitivityColumns, row: number): boolean {
  return writeRow(results, row, () => blackScholes(blackScholesRow(rows, row)));
}

/** Writes price and sensitivities of one Black-76 row; returns whether its inputs are admissible. */
export function writeBlack76Row(rows: Black76Columns, results: SensitivityColumns, row: number): boolean {
  return writeRow(results, row, () => black76(black76Row(rows, row)));
}

/** Writes the price of one Black-Scholes row; returns whether its inputs are admissible. */
export function writeBlackScholesPrice(rows: BlackScholesColumns, price: Float64Array, row: number): boolean {
  const value = admissibleOrNull(() => blackScholesPrice(blackScholesRow(rows, row)));
  price[row] = value ?? NaN;
  return value !== null;
}

/** Returns the value, or null where an input is not admissible; any other error passes. */
export function admissibleOrNull<Value>(compute: () => Value): Value | null {
  try {
    return compute();
  } catch (error) {
    if (error instanceof PricingInputError) return null;
    throw error;
  }
}

/** Reads one row as the input of the scalar function. @throws PricingInputError when `right` is neither 1 nor −1 */
export function blackScholesRow(rows: BlackScholesColumns, row: number): BlackScholesInput {
  return {
    spot: rows.spot[row]!,
    strike: rows.strike[row]!,
    yearsToExpiry: rows.yearsToExpiry[row]!,
    rate: rows.rate[row]!,
    dividendYield: rows.dividendYield[row]!,
    volatility: rows.volatility[row]!,
    right: rightOf(rows.right[row]!),
  };
}

function black76Row(rows: Black76Columns, row: number): Black76Input {
  return {
    forward: rows.forward[row]!,
    strike: rows.strike[row]!,
    yearsToExpiry: rows.yearsToExpiry[row]!,
    rate: rows.rate[row]!,
    volatility: rows.volatility[row]!,
    right: rightOf(rows.right[row]!),
  };
}

function rightOf(sign: number): 'call' | 'put' {
  if (sign !== 1 && sign !== -1) throw new PricingInputError('right', sign, 'must be 1 (call) or −1 (put)');
  return sign === 1 ? 'call' : 'put';
}

function writeRow(results: SensitivityColumns, row: number, compute: () => FirstOrder): boolean {
  const value = admissibleOrNull(compute);
  results.price[row] = value?.price ?? NaN;
  results.delta[row] = value?.delta ?? NaN;
  results.gamma[row] = value?.gamma ?? NaN;
  results.vega[row] = value?.vega ?? NaN;
  results.theta[row] = value?.theta ?? NaN;
  results.rho[row] = value?.rho ?? NaN;
  return value !== null;
}
