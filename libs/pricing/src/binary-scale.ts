/**
 * Binary exponents: exact multiplication by powers of two, and the exponent of a double.
 */

/**
 * Multiplies by 2^exponent with a single rounding (none unless the result is subnormal).
 *
 * @param value     any double of magnitude 1e-200 … 1e200, or 0
 * @param exponent  integer in −2200 … 2200
 */
export function scaleByPowerOfTwo(value: number, exponent: number): number {
  if (exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT) return value * POWERS[exponent - MIN_EXPONENT]!;
  const step = exponent > 0 ? LARGE_STEP : -LARGE_STEP;
  const factor = POWERS[step - MIN_EXPONENT]!;
  let rest = exponent;
  let scaled = value;
  // The last factor alone may leave the normal range, so nothing is rounded twice.
  while (rest < MIN_EXPONENT || rest > MAX_EXPONENT) {
    scaled *= factor;
    rest -= step;
  }
  return scaled * POWERS[rest - MIN_EXPONENT]!;
}

/** Returns ⌊log2 value⌋ of a positive normal double. */
export function binaryExponent(value: number): number {
  FLOAT_VIEW[0] = value;
  return ((WORD_VIEW[HIGH_WORD]! >>> 20) & 0x7ff) - 1023;
}

const MIN_EXPONENT = -1022;
const MAX_EXPONENT = 1023;
const LARGE_STEP = 600;

const POWERS = buildPowers();

function buildPowers(): Float64Array {
  const powers = new Float64Array(MAX_EXPONENT - MIN_EXPONENT + 1);
  powers[-MIN_EXPONENT] = 1;
  for (let k = 1; k <= MAX_EXPONENT; k++) powers[k - MIN_EXPONENT] = powers[k - 1 - MIN_EXPONENT]! * 2;
  for (let k = -1; k >= MIN_EXPONENT; k--) powers[k - MIN_EXPONENT] = powers[k + 1 - MIN_EXPONENT]! / 2;
  return powers;
}

const FLOAT_VIEW = new Float64Array(1);
const WORD_VIEW = new Uint32Array(FLOAT_VIEW.buffer);
const HIGH_WORD = findHighWord();

/** The index of the word that holds sign and exponent: 1 on little-endian machines, 0 on big-endian ones. */
function findHighWord(): number {
  FLOAT_VIEW[0] = 1;
  return WORD_VIEW[1] === 0x3ff00000 ? 1 : 0;
}
