import type { ForwardQuote, Instant, UnderlyingQuote } from '@ballast/domain';
import { log } from '@ballast/pricing';

/** Discounting and carry of one underlying to one expiry. */
export interface Carry {
  /** Continuously compounded discount rate [1/year]. */
  readonly rate: number;
  /** Rate minus cost of carry [1/year]: forward = spot · e^((rate − dividendYield)·T). */
  readonly dividendYield: number;
}

/**
 * Finds rate and dividend yield for an expiry: a quoted forward overrides both (yield implied from forward and spot);
 * an underlying that is itself a future has no cost of carry (yield = rate); else the underlying's own figures.
 *
 * @param input.spot           price of the underlying  [quote currency]  > 0 where a forward is quoted
 * @param input.yearsToExpiry  ACT/365F  ≥ 0
 */
export function carryTo(input: {
  readonly underlying: UnderlyingQuote;
  readonly expiry: Instant;
  readonly spot: number;
  readonly yearsToExpiry: number;
}): Carry {
  const { underlying, expiry, spot, yearsToExpiry } = input;
  const quoted = quotedForward(underlying, expiry);
  const rate = quoted?.rate ?? underlying.rate;
  if (quoted !== undefined && yearsToExpiry > 0 && spot > 0 && quoted.price.greaterThan(0)) {
    return { rate, dividendYield: rate - log(quoted.price.toNumber() / spot) / yearsToExpiry };
  }
  if (underlying.kind === 'future') return { rate, dividendYield: rate };
  return { rate, dividendYield: underlying.dividendYield };
}

/** Finds the forward the market states for an expiry. */
export function quotedForward(underlying: UnderlyingQuote, expiry: Instant): ForwardQuote | undefined {
  return underlying.forwards.find((forward) => forward.expiry === expiry);
}
