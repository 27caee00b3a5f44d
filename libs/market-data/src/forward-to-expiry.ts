import type { Instant, UnderlyingQuote } from '@ballast/domain';
import { exp } from '@ballast/pricing';
import { yearsToExpiry } from './years-to-expiry';

/** Forward and discounting of one underlying to one expiry. */
export interface ForwardToExpiry {
  /** Forward price [quote currency per unit]. */
  readonly forward: number;
  /** e^(−rate · years), > 0. */
  readonly discountFactor: number;
  /** Continuously compounded rate [1/year]. */
  readonly rate: number;
  /** ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** stated: the market quotes it; carried: spot · e^((rate − dividendYield) · years). */
  readonly source: 'stated' | 'carried';
}

/**
 * Finds the forward of an expiry: the stated one, or spot carried at rate and dividend yield. An underlying that is
 * itself a future carries at no cost.
 *
 * @returns null when no forward is stated and the underlying has no price: missing is never zero
 *
 * @example
 * // spot 100, rate 0.05, dividend yield 0.02, one year: forward 103.0454533953517
 */
export function forwardToExpiry(underlying: UnderlyingQuote, asOf: Instant, expiry: Instant): ForwardToExpiry | null {
  const years = yearsToExpiry(asOf, expiry);
  const stated = underlying.forwards.find((forward) => forward.expiry === expiry);
  const rate = stated?.rate ?? underlying.rate;
  const discountFactor = exp(-rate * years);
  if (stated !== undefined) {
    return { forward: stated.price.toNumber(), discountFactor, rate, yearsToExpiry: years, source: 'stated' };
  }
  if (underlying.price === null) return null;
  const spot = underlying.price.toNumber();
  const growth = underlying.kind === 'future' ? 0 : rate - underlying.dividendYield;
  return { forward: spot * exp(growth * years), discountFactor, rate, yearsToExpiry: years, source: 'carried' };
}
