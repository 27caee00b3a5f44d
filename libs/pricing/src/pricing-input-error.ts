/**
 * The one error of this library, and the checks that raise it.
 */
import type { OptionRight } from './option-right';

/** The input of a pricing function lies outside its admissible range; the message names field and value. */
export class PricingInputError extends Error {
  readonly code = 'INVALID_PRICING_INPUT';
  override readonly name = 'PricingInputError';

  /**
   * @param field        name of the offending field
   * @param value        its value
   * @param requirement  what the field must be, e.g. 'must be ≥ 0'
   */
  constructor(
    readonly field: string,
    readonly value: unknown,
    requirement: string,
  ) {
    super(`${field} ${requirement}, got ${String(value)}`);
  }
}

/** Throws unless the value is a finite number. */
export function requireFinite(field: string, value: number): void {
  if (typeof value !== 'number' || value - value !== 0) throw new PricingInputError(field, value, 'must be finite');
}

/** Throws unless the value is a finite number ≥ 0. */
export function requireNonNegative(field: string, value: number): void {
  requireFinite(field, value);
  if (value < 0) throw new PricingInputError(field, value, 'must be ≥ 0');
}

/** Throws unless the value is a number ≥ 0 or Infinity: a volatility under a lognormal model. */
export function requireVolatility(field: string, value: number): void {
  if (typeof value !== 'number' || !(value >= 0)) throw new PricingInputError(field, value, 'must be ≥ 0');
}

/** Throws unless the value is 'call' or 'put'. */
export function requireRight(value: OptionRight): void {
  if (value !== 'call' && value !== 'put') throw new PricingInputError('right', value, "must be 'call' or 'put'");
}
