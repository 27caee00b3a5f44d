import type { Decimal } from './decimal';

/** Amounts of a currency of two decimals as whole numbers of cents; a float holds them exactly up to here. */
const centsMaximum = 2 ** 53;
/** Below ten million the error of value × 100 is less than 1e-7 cents. */
const modelMaximum = 1e9;
/** Share of a cent within which a value counts as near it [cents]. */
const edge = 1e-4;
/** Share of a cent that snapping to 1e-8 takes off for certain [cents]. */
const noise = 3e-7;

/**
 * Carries a model value into cents as moneyFromModelValue does, without a Decimal: where neither the noise of the float nor
 * the snapping to 1e-8 can reach across a cent (to the nearest: half a cent), and where the snapping takes the value to a cent.
 *
 * @param value  [currency of two decimals], any sign
 * @returns a whole number, never −0; null where it takes a Decimal to tell, and for NaN and ±Infinity
 *
 * @example
 * centsOfModelValue(100.001, 'up') // 10001
 */
export function centsOfModelValue(value: number, rounding: 'up' | 'down' | 'nearest'): number | null {
  const cents = value * 100;
  if (!(Math.abs(cents) <= modelMaximum)) return null;
  const below = Math.floor(cents);
  const part = cents - below;
  if (part < noise) return below + 0;
  if (part > 1 - noise) return below + 1;
  const isNearEdge = part < edge || part > 1 - edge || (rounding === 'nearest' && Math.abs(part - 0.5) < edge);
  if (isNearEdge) return null;
  return rounding === 'up' ? below + 1 : rounding === 'down' ? below + 0 : part < 0.5 ? below + 0 : below + 1;
}

/** Cents of an exact amount; null where it is no whole number of them that a float holds. */
export function centsOf(amount: Decimal): number | null {
  if (amount.decimalPlaces() > 2) return null;
  const cents = amount.times(100).toNumber();
  return Math.abs(cents) < centsMaximum ? cents + 0 : null;
}

/**
 * Cents of an amount in plain digits, as `digitsOfUnits` writes them.
 *
 * @returns null where it is no whole number of cents below 2^46, or not in plain digits
 */
export function centsOfDigits(digits: string): number | null {
  const point = digits.indexOf('.');
  if (point >= 0 && digits.length - point > 3) return null;
  const cents = Math.round(Number(digits) * 100);
  return Math.abs(cents) < 2 ** 46 ? cents + 0 : null;
}

/**
 * Writes a whole number of the smallest units as a Decimal writes itself in plain notation: no zeros at the end, no −0.
 *
 * @param decimals  how many of the digits are decimals: 2 for cents
 *
 * @example
 * digitsOfUnits(-1230, 2) // '-12.3'
 */
export function digitsOfUnits(units: number, decimals: number): string {
  const size = Math.abs(units);
  const scale = 10 ** decimals;
  let rest = size % scale;
  const whole = (size - rest) / scale;
  const sign = units < 0 ? '-' : '';
  if (rest === 0) return `${sign}${whole}`;
  let places = decimals;
  while (rest % 10 === 0) {
    rest /= 10;
    places -= 1;
  }
  return `${sign}${whole}.${String(rest).padStart(places, '0')}`;
}
