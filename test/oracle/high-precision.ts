/**
 * Real arithmetic on integers scaled by 2^2304 (about 690 decimal digits): slow, simple and independent of libs/.
 */

const BITS = 2304n;
const ONE = 1n << BITS;

/** A real number times 2^2304, as an integer. */
export type Real = bigint;

/** The exact value of a double. */
export function real(x: number): Real {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  const word = view.getBigUint64(0);
  const exponent = (word >> 52n) & 0x7ffn;
  const fraction = word & ((1n << 52n) - 1n);
  const significand = exponent === 0n ? fraction : fraction | (1n << 52n);
  const shift = BITS + (exponent === 0n ? 1n : exponent) - 1075n;
  const magnitude = shift >= 0n ? significand << shift : significand >> -shift;
  return word >> 63n ? -magnitude : magnitude;
}

export const times = (a: Real, b: Real): Real => (a * b) >> BITS;
export const over = (a: Real, b: Real): Real => (a << BITS) / b;
export const magnitude = (a: Real): Real => (a < 0n ? -a : a);

/** a/b as a double, for ratios of any size a double holds. */
export function ratio(a: Real, b: Real): number {
  return Number((a << 128n) / b) / 2 ** 128;
}

/** √a by Newton's method on integers. */
export function squareRoot(a: Real): Real {
  if (a === 0n) return 0n;
  const target = a << BITS;
  let root = 1n << BigInt((target.toString(16).length * 4) / 2 + 2);
  for (;;) {
    const next = (root + target / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** e^a: 2^k times the Taylor series of the rest over 2^24, squared 24 times. */
export function exponential(a: Real): Real {
  const k = (a + (LN2 >> 1n)) / LN2 - (a < -(LN2 >> 1n) ? 1n : 0n);
  const reduced = (a - k * LN2) >> 24n;
  let term = ONE;
  let sum = ONE;
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = times(term, reduced) / n;
    sum += term;
  }
  for (let i = 0; i < 24; i++) sum = times(sum, sum);
  return k >= 0n ? sum << k : sum >> -k;
}

/** ln a by Halley's iteration on e^y = a. */
export function logarithm(a: Real): Real {
  const bits = BigInt(a.toString(2).length) - BITS;
  let y = bits * LN2 + real(Math.log(ratio(a, bits >= 0n ? ONE << bits : ONE >> -bits)));
  for (let i = 0; i < 5; i++) {
    const power = exponential(y);
    y += 2n * over(a - power, a + power);
  }
  return y;
}

/** φ(z). */
export function density(z: Real): Real {
  return over(exponential(-times(z, z) >> 1n), squareRoot(2n * PI));
}

/** Φ(z) = ½ + φ(z)·(z + z³/3 + z⁵/15 + …); taken as 0 or 1 beyond ±38.5, where the smaller side is below 1e-323. */
export function cumulative(z: Real): Real {
  if (z < 0n) return ONE - cumulative(-z);
  if (2n * z > 77n * ONE) return ONE;
  const square = times(z, z);
  let term = z;
  let sum = z;
  for (let n = 3n; term > 0n; n += 2n) {
    term = times(term, square) / n;
    sum += term;
  }
  return (ONE >> 1n) + times(density(z), sum);
}

/** arctan(1/n). */
function arctanOfInverse(n: bigint): Real {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power = -power / (n * n);
    sum += power / k;
  }
  return sum;
}

/** artanh(1/n). */
function artanhOfInverse(n: bigint): Real {
  let power = ONE / n;
  let sum = power;
  for (let k = 3n; power !== 0n; k += 2n) {
    power /= n * n;
    sum += power / k;
  }
  return sum;
}

/** Machin (1706). */
const PI = 16n * arctanOfInverse(5n) - 4n * arctanOfInverse(239n);
const LN2 = 2n * artanhOfInverse(3n);
