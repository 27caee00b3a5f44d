/**
 * The natural logarithm from IEEE arithmetic only, so every engine returns the same bits.
 *
 * Reduction x = 2^k·(1 + f) with 1 + f in [√½, √2) and ln(1 + f) = f − (½f² − s·(½f² + R)), s = f/(2 + f) (the scheme
 * of W. J. Cody and of Sun's fdlibm); R is our own fit at Chebyshev nodes in 90-digit arithmetic, error 5.9e-20.
 */
import { binaryExponent, scaleByPowerOfTwo } from './binary-scale';
import { LN2_HIGH, LN2_LOW } from './exponential';

/**
 * Computes ln x.
 *
 * @param x  ≥ 0; 0 gives −Infinity, a negative number NaN
 * @returns ln x within 0.8 ulp (worst of 300,000 random arguments against 45-digit arithmetic: 0.78)
 */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  return logOfSum(x, 0);
}

/**
 * Computes ln(1 + x) without the rounding of 1 + x.
 *
 * @param x  ≥ −1; −1 gives −Infinity, below NaN
 * @returns ln(1 + x) within 0.8 ulp (worst of 300,000 random arguments: 0.78)
 */
export function log1p(x: number): number {
  if (x > -0.2928 && x < 0.4142) return logNearOne(x, 0, 0);
  if (!(x > -1) || x === Infinity) return x === -1 ? -Infinity : x > -1 ? x : NaN;
  const sum = 1 + x;
  return logOfSum(sum, x < 1 ? x - (sum - 1) : 1 - (sum - x));
}

/** ln(x + xTail) for positive finite x. */
function logOfSum(x: number, xTail: number): number {
  let shift = 0;
  let normal = x;
  if (x < SMALLEST_NORMAL) {
    shift = 54;
    normal = x * 18014398509481984;
  }
  let k = binaryExponent(normal);
  let m = scaleByPowerOfTwo(normal, -k);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    k += 1;
  }
  k -= shift;
  return logNearOne(m - 1, k, xTail === 0 ? 0 : xTail / x);
}

/** k·ln 2 + ln(1 + f) + correction for √½ ≤ 1 + f ≤ √2. */
function logNearOne(f: number, k: number, correction: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const r =
    z *
    (0.6666666666666666 +
      z * 0.40000000000000885 +
      w * (0.28571428570799784 + z * 0.22222222392581045) +
      w * w * (0.18181795547521132 + z * 0.15386244737621896 + w * (0.1326863836926161 + z * 0.1308803485097477)));
  const half = 0.5 * f * f;
  if (k === 0) return f - (half - (s * (half + r) + correction));
  return k * LN2_HIGH - (half - (s * (half + r) + (k * LN2_LOW + correction)) - f);
}

const SMALLEST_NORMAL = 2.2250738585072014e-308;
