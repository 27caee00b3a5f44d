/**
 * The standard normal distribution, accurate relative to its value in both tails.
 */
import { twoProductTail, twoSumTail } from './double-double';
import { expOfSum } from './exponential';
import { millsRatio } from './mills-ratio';

/**
 * Computes the standard normal density φ(z) = e^(−z²/2)/√(2π).
 *
 * @param z  any double
 * @returns φ(z) within 0.7 ulp while it is a normal number (worst of 300,000 random arguments: 0.66)
 */
export function normalDensity(z: number): number {
  return scaledNormalDensity(z, 0, 0);
}

/**
 * Computes 2^exponent·φ(z + zTail): the density where it would underflow before it meets a large factor.
 *
 * @param z         leading part of the argument
 * @param zTail     what the rounding of the argument left
 * @param exponent  binary scale, integer in −1000 … 1000
 */
export function scaledNormalDensity(z: number, zTail: number, exponent: number): number {
  const square = z * z;
  if (!(square < 4000)) return z !== z ? z : 0;
  const half = -0.5 * square;
  const power = half - LN_SQRT_TWO_PI;
  const powerTail = twoSumTail(half, -LN_SQRT_TWO_PI, power) - 0.5 * twoProductTail(z, z, square) - z * zTail;
  return expOfSum(power, powerTail - LN_SQRT_TWO_PI_TAIL, exponent);
}

/**
 * Computes the standard normal cumulative distribution Φ(z).
 *
 * Below zero through Mills' ratio, Φ(z) = φ(z)·M(−z), so the lower tail keeps its relative precision to the smallest
 * double.
 *
 * @param z  any double
 * @returns Φ(z) within 2.6 ulp (worst of 300,000 random arguments against 45-digit arithmetic: 2.5; mean 0.4)
 */
export function normalCdf(z: number): number {
  if (z > -0.5 && z < 0.5) return 0.5 + z * centralSlope(z * z);
  if (z < 0) return z < -39 ? 0 : normalDensity(z) * millsRatio(-z);
  return z > 39 ? 1 : 1 - normalDensity(z) * millsRatio(z);
}

/** Computes (Φ(z) − ½)/z from z² ≤ ¼: interpolated at Chebyshev nodes in 60-digit arithmetic, error 4.1e-18. */
export function centralSlope(z: number): number {
  const w = z * z;
  return (
    0.3989422804014327 +
    z * -0.06649038006690496 +
    w * (0.009973557010009501 + z * -0.0011873282149393709) +
    w *
      w *
      (0.00011543468203839274 +
        z * -9.444623920664533e-6 +
        w * (6.658589845581663e-7 + z * -4.1006252671924686e-8 + w * 2.0337420586215913e-9))
  );
}

/** ln √(2π) and what its rounding left. */
const LN_SQRT_TWO_PI = 0.9189385332046728;
const LN_SQRT_TWO_PI_TAIL = -3.8782941580672414e-17;
