import DecimalJs from 'decimal.js';
import { DomainError } from './domain-error';

/**
 * The one decimal type of the ledger: 40 significant digits, half-even unless a named rounding is given.
 * Nobody else configures decimal.js; its global settings are never touched.
 */
export const Decimal = DecimalJs.clone({
  precision: 40,
  rounding: DecimalJs.ROUND_HALF_EVEN,
  toExpNeg: -40,
  toExpPos: 40,
});
export type Decimal = DecimalJs;

const plainNotation = /^-?(?:0|[1-9]\d{0,17})(?:\.\d{1,10})?$/;
const lengthMaximum = 31;

/**
 * Parses plain decimal notation: optional minus, at most 18 integer and 10 fraction digits, no exponent.
 *
 * The length is checked before any arithmetic, because a product of 200 000 digits would block the process.
 * `-0` is accepted and is 0.
 *
 * @param text   the digits as they arrived, for example `-1234.50`
 * @param field  name used in the refusal
 * @throws DomainError 'INVALID_DECIMAL' naming the field and the (shortened) value
 *
 * @example
 * parseDecimal('-1234.50', 'amount').toFixed() // '-1234.5'
 */
export function parseDecimal(text: unknown, field: string): Decimal {
  if (typeof text !== 'string') {
    throw new DomainError('INVALID_DECIMAL', `${field}: expected a decimal string, got ${describeValue(text)}`, field);
  }
  if (text.length > lengthMaximum || !plainNotation.test(text)) {
    const rule = 'expected plain digits such as "-1234.50" (18 integer and 10 fraction digits at most)';
    throw new DomainError('INVALID_DECIMAL', `${field}: ${rule}, got ${describeValue(text)}`, field);
  }
  const value = new Decimal(text);
  return value.isZero() ? new Decimal(0) : value;
}

/** Shows a refused value in a message: JSON form, cut to 40 characters so that a hostile input stays short. */
export function describeValue(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'undefined' || typeof value === 'bigint') return String(value);
  const text = JSON.stringify(value) ?? typeof value;
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length} characters)` : text;
}
