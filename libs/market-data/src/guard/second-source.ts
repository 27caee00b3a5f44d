import { Decimal, type Instant, type InstrumentQuote, type QuoteFlag, type UnderlyingKind } from '@ballast/domain';
import { checkQuote, inListOrder, type QuoteLimits } from '../quote-check';
import { consolidateSources, defaultConsensusLimits } from './consolidate-sources';

/** The price of an underlying as one source states it. */
export interface SourcedUnderlying {
  readonly underlyingId: string;
  readonly kind: UnderlyingKind;
  readonly price: Decimal | null;
  readonly quotedAt: Instant;
  readonly flags?: readonly QuoteFlag[];
}

/** The same underlying by another source. */
export interface OtherPrice {
  readonly source: string;
  readonly price: Decimal | null;
  readonly quotedAt: Instant;
}

/** Findings for which another source's quote of a contract is taken. */
const replacedFor: readonly QuoteFlag[] = ['Q_STALE', 'Q_FUTURE', 'Q_CROSSED', 'Q_NONPOS', 'Q_NO_QUOTE', 'IV_RANGE'];
const own = '';

/**
 * Takes the price of an underlying from its own and other sources (methodology §7.3).
 *
 * Two sources: the own one stands while it is there and fresh, flagged Q_SPIKE when the other differs by more than 5 %;
 * else the other takes its place, flagged FALLBACK_SECOND_SOURCE. Three or more: the median of those that are there, fresh
 * and within 5 % of the median; flagged as well when the own one is not among them, too few agree, or more than a third of
 * the healthy ones are far, because then the many may be wrong. A price of zero, or a negative one of anything but a future,
 * is no price.
 *
 * @param market.ageMaximumMs  age from which a source is not believed [ms]
 * @returns the same object when no other source knows the underlying
 */
export function takeUnderlying<Quote extends SourcedUnderlying>(
  quote: Quote,
  others: readonly OtherPrice[],
  market: { readonly asOf: Instant; readonly ageMaximumMs: number },
): Quote {
  if (others.length === 0) return quote;
  const { asOf, ageMaximumMs } = market;
  const all = [{ source: own, price: quote.price, quotedAt: quote.quotedAt }, ...others];
  const prices = all.map(({ source, price, quotedAt }) => {
    return { source, price: isPrice(price, quote.kind) ? price.toNumber() : null, at: quotedAt };
  });
  const limits = { ...defaultConsensusLimits, ageMaximumMs };
  // With two sources nobody knows which one is far: health alone is asked here, and distance below.
  const deviationMaximum = all.length === 2 ? Number.POSITIVE_INFINITY : limits.deviationMaximum;
  const { used, excluded, flags } = consolidateSources(prices, asOf, { ...limits, deviationMaximum });
  const believed = all.filter(({ source }) => used.includes(source));
  const found = new Set<QuoteFlag>(quote.flags);
  const refusal = excluded.find(({ source }) => source === own)?.flag;
  if (refusal !== undefined) found.add(refusal);
  if (believed.length === 0) return all.length === 2 ? quote : withFlags(quote, found.add('Q_SPIKE'));
  if (refusal !== undefined) found.add('FALLBACK_SECOND_SOURCE');
  if (all.length === 2) {
    if (refusal === undefined && isFar(believed, limits.deviationMaximum)) found.add('Q_SPIKE');
    const [first] = believed;
    return withFlags({ ...quote, price: first?.price ?? null, quotedAt: first?.quotedAt ?? quote.quotedAt }, found);
  }
  for (const flag of flags) found.add(flag);
  const far = excluded.filter(({ flag }) => flag === 'Q_SPIKE').length;
  if (3 * far > far + used.length) found.add('Q_SPIKE');
  const quotedAt = refusal === undefined ? quote.quotedAt : latestOf(believed);
  return withFlags({ ...quote, price: medianOf(believed), quotedAt }, found);
}

/**
 * Takes the quote of a contract from another source where the own one is stale, early, crossed, not positive or not there:
 * the first other that has none of these, flagged FALLBACK_SECOND_SOURCE beside what was wrong with the own one.
 *
 * @returns the same object when the own quote is fit or no other is
 */
export function takeQuote(
  quote: InstrumentQuote,
  others: readonly InstrumentQuote[],
  context: Parameters<typeof checkQuote>[1] & { readonly limits: QuoteLimits },
): InstrumentQuote {
  if (others.length === 0) return quote;
  const unfit = (one: InstrumentQuote): readonly QuoteFlag[] =>
    checkQuote(one, context).filter((flag) => {
      // A volatility needs no quote of its own.
      return replacedFor.includes(flag) && (flag !== 'Q_NO_QUOTE' || one.impliedVolatility === null);
    });
  const faults = unfit(quote);
  if (faults.length === 0) return quote;
  const stand = others.find((one) => unfit(one).length === 0);
  if (stand === undefined) return quote;
  // How many contracts are open and trade is not a price: what the other source does not say of it stays.
  const { openInterest, volume } = quote;
  const counts = { ...(openInterest && { openInterest }), ...(volume && { volume }) };
  return { ...counts, ...stand, flags: inListOrder(new Set([...quote.flags, ...faults, 'FALLBACK_SECOND_SOURCE'])) };
}

function isPrice(price: Decimal | null, kind: UnderlyingKind): price is Decimal {
  return price !== null && (kind === 'future' ? !price.isZero() : price.greaterThan(0));
}

function isFar(pair: readonly OtherPrice[], deviationMaximum: number): boolean {
  const [left, right] = pair.map(({ price }) => price);
  if (left == null || right == null) return false;
  return left.minus(right).abs().greaterThan(left.abs().times(deviationMaximum));
}

/** Exactly, in decimals: half of an even number of sources is averaged. */
function medianOf(believed: readonly OtherPrice[]): Decimal | null {
  const sorted = believed.flatMap(({ price }) => price ?? []).sort((left, right) => left.comparedTo(right));
  const middle = sorted.length >> 1;
  const [lower, upper] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return lower === undefined || upper === undefined ? null : lower.plus(upper).div(2);
}

function latestOf(believed: readonly OtherPrice[]): Instant {
  return believed.map(({ quotedAt }) => quotedAt).reduce((latest, one) => (one > latest ? one : latest));
}

function withFlags<Quote extends SourcedUnderlying>(quote: Quote, flags: ReadonlySet<QuoteFlag>): Quote {
  return flags.size === 0 ? quote : { ...quote, flags: inListOrder(flags) };
}
