/**
 * Taylor coefficients of Mills' ratio about the centres of 64 equal intervals of [0, 8), computed when the library
 * loads.
 *
 * At the last centre Mills' ratio comes from its continued fraction 1/(z + 1/(z + 2/(z + 3/(z + …)))) (Laplace; Abramowitz
 * and Stegun 26.2.14), then Taylor steps of positive terms walk down to zero: the direction in which M′ = zM − 1 damps
 * errors. Everything is carried in double-double, so each coefficient is a correctly rounded double but for rare ties.
 */
import { twoProductTail, twoSumTail } from './double-double';

/** Intervals per unit of z. */
export const INTERVALS_PER_UNIT = 8;
/** The table covers 0 ≤ z < TABLE_END. */
export const TABLE_END = 8;
/** Coefficients per interval, t^0 … t^12. */
export const COEFFICIENTS = 13;

/** Builds the table: entry COEFFICIENTS·i + n is M^(n)(z)/n! at the centre of interval i. */
export function buildMillsRatioTable(): Float64Array {
  const intervals = TABLE_END * INTERVALS_PER_UNIT;
  const width = 1 / INTERVALS_PER_UNIT;
  const table = new Float64Array(intervals * COEFFICIENTS);
  let centre = TABLE_END - 0.5 * width;
  let mills = continuedFraction(centre);
  for (let interval = intervals - 1; interval >= 0; interval--) {
    const taylor = taylorCoefficients(centre, mills);
    for (let n = 0; n < COEFFICIENTS; n++) {
      table[interval * COEFFICIENTS + n] = n % 2 === 0 ? taylor[n]![0] : -taylor[n]![0];
    }
    centre -= width;
    mills = valueOneWidthBelow(taylor, width);
  }
  return table;
}

/** A number as an unevaluated sum of two doubles. */
type Pair = readonly [value: number, tail: number];

function continuedFraction(z: number): Pair {
  let fraction: Pair = [z, 0];
  for (let k = CONTINUED_FRACTION_TERMS; k >= 1; k--) fraction = add([z, 0], divide([k, 0], fraction));
  return divide([1, 0], fraction);
}

/** |M^(n)(z)|/n! from a₀ = M, a₁ = 1 − zM, aₙ₊₁ = (aₙ₋₁ − z·aₙ)/(n + 1). */
function taylorCoefficients(z: number, mills: Pair): Pair[] {
  const coefficients: Pair[] = [mills];
  let previous: Pair = [1, 0];
  let current = mills;
  for (let n = 0; n < TAYLOR_TERMS; n++) {
    const next = divide(add(previous, multiply([-z, 0], current)), [n + 1, 0]);
    coefficients.push(next);
    previous = current;
    current = next;
  }
  return coefficients;
}

function valueOneWidthBelow(taylor: readonly Pair[], width: number): Pair {
  let sum: Pair = [0, 0];
  for (let n = taylor.length - 1; n >= 0; n--) sum = add(taylor[n]!, multiply([width, 0], sum));
  return sum;
}

function add(a: Pair, b: Pair): Pair {
  const sum = a[0] + b[0];
  return normalise(sum, twoSumTail(a[0], b[0], sum) + (a[1] + b[1]));
}

function multiply(a: Pair, b: Pair): Pair {
  const product = a[0] * b[0];
  return normalise(product, twoProductTail(a[0], b[0], product) + (a[0] * b[1] + a[1] * b[0]));
}

function divide(a: Pair, b: Pair): Pair {
  const quotient = a[0] / b[0];
  const product = quotient * b[0];
  const remainder = a[0] - product - twoProductTail(quotient, b[0], product) + (a[1] - quotient * b[1]);
  return normalise(quotient, remainder / b[0]);
}

function normalise(value: number, tail: number): Pair {
  const sum = value + tail;
  return [sum, value - sum + tail];
}

const CONTINUED_FRACTION_TERMS = 60;
const TAYLOR_TERMS = 30;
