import type { Decimal, Instant, InstrumentQuote, QuoteFlag } from '@ballast/domain';

/** What counts as stale, wide or out of range. */
export interface QuoteLimits {
  /** A quote older than this is Q_STALE [ms]; one session for end-of-day chains, 300 000 for a live feed. */
  readonly ageMaximumMs: number;
  /** The same for the price of an underlying; as for quotes when absent, 60 000 for a live feed. */
  readonly underlyingAgeMaximumMs?: number;
  /** A quote later than this after the snapshot is Q_FUTURE [ms]. */
  readonly futureMaximumMs: number;
  /** Q_WIDE: spread above this share of the middle and above five ticks. */
  readonly spreadShareMaximum: number;
  readonly tick: { readonly linear: number; readonly inverse: number };
  /** Volatilities outside are IV_RANGE and not used [1/√year]. */
  readonly volatilityMinimum: number;
  readonly volatilityMaximum: number;
}

export const defaultQuoteLimits: QuoteLimits = {
  ageMaximumMs: 86_400_000,
  futureMaximumMs: 2_000,
  spreadShareMaximum: 0.5,
  tick: { linear: 0.01, inverse: 0.0001 },
  volatilityMinimum: 0.01,
  volatilityMaximum: 10,
};

/** Limits of a feed that is followed in session: prices of underlyings are stale after a minute, quotes after five. */
export const liveQuoteLimits: QuoteLimits = {
  ...defaultQuoteLimits,
  ageMaximumMs: 300_000,
  underlyingAgeMaximumMs: 60_000,
};

/**
 * Finds what is wrong with one quote by itself. Nothing is dropped: flags travel with the quote.
 *
 * Q_NO_QUOTE no bid, ask or mark · Q_ONE_SIDED one of bid and ask · Q_CROSSED bid > ask · Q_LOCKED bid = ask ·
 * Q_ZERO_BID · Q_NONPOS a negative price or an ask or mark of 0 · Q_WIDE · Q_STALE · Q_FUTURE · IV_RANGE · Q_NO_IV.
 * A quote that has a mark and neither bid nor ask (a closing price) is not one-sided.
 *
 * @returns flags in the order of the closed list, those already on the quote kept
 */
export function checkQuote(
  quote: InstrumentQuote,
  context: {
    readonly asOf: Instant;
    readonly settlement: 'linear' | 'inverse';
    /** Only options have a volatility. */
    readonly isOption: boolean;
    readonly limits: QuoteLimits;
  },
): QuoteFlag[] {
  const { limits, asOf } = context;
  const flags = new Set<QuoteFlag>(quote.flags);
  const { bid, ask, mark, impliedVolatility } = quote;
  if (bid === null && ask === null && mark === null) flags.add('Q_NO_QUOTE');
  if ((bid === null) !== (ask === null)) flags.add('Q_ONE_SIDED');
  if (bid?.isZero()) flags.add('Q_ZERO_BID');
  if (isNegative(bid) || isNotPositive(ask) || isNotPositive(mark)) flags.add('Q_NONPOS');
  if (bid !== null && ask !== null) {
    const spread = ask.minus(bid).toNumber();
    const middle = ask.plus(bid).toNumber() / 2;
    if (spread < 0) flags.add('Q_CROSSED');
    if (spread === 0) flags.add('Q_LOCKED');
    const allowed = Math.max(5 * limits.tick[context.settlement], limits.spreadShareMaximum * middle);
    if (spread > allowed) flags.add('Q_WIDE');
  }
  if (asOf - quote.quotedAt > limits.ageMaximumMs) flags.add('Q_STALE');
  if (quote.quotedAt - asOf > limits.futureMaximumMs) flags.add('Q_FUTURE');
  if (context.isOption) {
    if (impliedVolatility === null) flags.add('Q_NO_IV');
    else if (!isUsableVolatility(impliedVolatility, limits)) flags.add('IV_RANGE');
  }
  return inListOrder(flags);
}

/** Tells whether a volatility lies in the believed range. */
export function isUsableVolatility(volatility: number, limits: QuoteLimits): boolean {
  return volatility >= limits.volatilityMinimum && volatility <= limits.volatilityMaximum;
}

/** Orders flags by name, so that equal findings give equal content. */
export function inListOrder(flags: ReadonlySet<QuoteFlag>): QuoteFlag[] {
  return [...flags].sort();
}

function isNegative(price: Decimal | null): boolean {
  return price !== null && price.isNegative();
}

function isNotPositive(price: Decimal | null): boolean {
  return price !== null && price.lessThanOrEqualTo(0);
}
