/**
 * The logarithm of a ratio to about twice the working precision.
 *
 * ln(a/b) = k·ln 2 + 2 artanh u, u = (a − b′)/(a + b′), b′ = b·2^k: the difference of two nearby prices is exact, so
 * nothing is lost as a approaches b, and the tail survives the cancellation against (r − q)T in d1 and d2.
 */
import { binaryExponent, scaleByPowerOfTwo } from './binary-scale';
import { twoProductTail, twoSumTail } from './double-double';
import { LN2_HIGH, LN2_LOW, type ValueWithTail } from './exponential';

/**
 * Computes ln(a/b).
 *
 * @param a  positive, finite
 * @param b  positive, finite
 * @returns value + tail, relative error below 2^-70 (also as a → b)
 */
export function logRatio(a: number, b: number): ValueWithTail {
  const quotient = a / b;
  if (quotient > 0.7072 && quotient < 1.4142) return twoArtanh(a, b, 0);
  const aShift = normalShift(a);
  const bShift = normalShift(b);
  const aNormal = scaleByPowerOfTwo(a, aShift);
  const bNormal = scaleByPowerOfTwo(b, bShift);
  const aExponent = binaryExponent(aNormal);
  const bExponent = binaryExponent(bNormal);
  const aSignificand = scaleByPowerOfTwo(aNormal, -aExponent);
  let bSignificand = scaleByPowerOfTwo(bNormal, -bExponent);
  let k = aExponent - aShift - (bExponent - bShift);
  const ratio = aSignificand / bSignificand;
  if (ratio > 1.4142) {
    bSignificand *= 2;
    k += 1;
  } else if (ratio < 0.7072) {
    bSignificand *= 0.5;
    k -= 1;
  }
  return twoArtanh(aSignificand, bSignificand, k);
}

/** A shift that takes very small and very large numbers into the range where scaling is exact. */
function normalShift(x: number): number {
  if (x < 1e-150) return 600;
  return x > 1e150 ? -600 : 0;
}

/** k·ln 2 + ln(a/b) for a/b within [√½, √2]. */
function twoArtanh(a: number, b: number, k: number): ValueWithTail {
  const difference = a - b;
  const sum = a + b;
  const u = difference / sum;
  const product = u * sum;
  const remainder = difference - product - twoProductTail(u, sum, product) + twoSumTail(a, -b, difference);
  const uTail = (remainder - u * twoSumTail(a, b, sum)) / sum;

  // v = z·(1/3 + z·(1/5 + z·series)), both leading coefficients with their tails.
  const z = u * u;
  const zTail = twoProductTail(u, u, z) + 2 * u * uTail;
  const series = z * artanhSeries(z);
  const outer = FIFTH + series;
  const outerTail = FIFTH - outer + series + FIFTH_TAIL;
  const middle = z * outer;
  const middleTail = twoProductTail(z, outer, middle) + zTail * outer + z * outerTail;
  const inner = THIRD + middle;
  const innerTail = THIRD - inner + middle + (middleTail + THIRD_TAIL);
  const v = z * inner;
  const vTail = twoProductTail(z, inner, v) + zTail * inner + z * innerTail;

  const cubic = u * v;
  const cubicTail = twoProductTail(u, v, cubic) + u * vTail + uTail * v;
  const half = u + cubic;
  const halfTail = u - half + cubic + (uTail + cubicTail);
  return sumWithLn2(2 * half, 2 * halfTail, k);
}

function sumWithLn2(y: number, yTail: number, k: number): ValueWithTail {
  const low = k * LN2_LOW;
  const start = k * LN2_HIGH;
  const sum = start + y;
  const rest = twoSumTail(start, y, sum) + yTail + low;
  const value = sum + rest;
  return { value, tail: sum - value + rest };
}

/** 1/7 + z/9 + z²/11 + … for 0 ≤ z ≤ 0.0296. */
function artanhSeries(z: number): number {
  const w = z * z;
  return (
    1 / 7 +
    z * (1 / 9) +
    w * (1 / 11 + z * (1 / 13)) +
    w * w * (1 / 15 + z * (1 / 17) + w * (1 / 19 + z * (1 / 21)) + w * w * (1 / 23 + z * (1 / 25) + w * (1 / 27)))
  );
}

const THIRD = 1 / 3;
const THIRD_TAIL = 1.850371707708594e-17;
const FIFTH = 1 / 5;
const FIFTH_TAIL = -1.1102230246251566e-17;
