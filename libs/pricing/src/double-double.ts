/**
 * Rounding errors of single operations, recovered exactly.
 *
 * A sum or product of two doubles equals its rounded value plus a tail that is itself a double; carrying the tail
 * along doubles the working precision where a cancellation would otherwise eat the result.
 */

/** Computes the tail of `sum = a + b`: sum + tail equals a + b exactly. Knuth, TAOCP vol. 2, §4.2.2, theorem B. */
export function twoSumTail(a: number, b: number, sum: number): number {
  const second = sum - a;
  return a - (sum - second) + (b - second);
}

/**
 * Computes the tail of `product = a · b`: product + tail equals a · b exactly while |a|, |b|, |a · b| < 1e300 and
 * |a · b| > 1e-290; zero where the split overflows. Dekker, Numer. Math. 18 (1971) 224–242, with Veltkamp's split.
 */
export function twoProductTail(a: number, b: number, product: number): number {
  const aScaled = SPLITTER * a;
  const aHigh = aScaled - (aScaled - a);
  const aLow = a - aHigh;
  const bScaled = SPLITTER * b;
  const bHigh = bScaled - (bScaled - b);
  const bLow = b - bHigh;
  const tail = aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
  return tail - tail === 0 ? tail : 0;
}

/** 2^27 + 1 cuts a 53-bit significand into two halves whose products are exact. */
const SPLITTER = 134217729;
