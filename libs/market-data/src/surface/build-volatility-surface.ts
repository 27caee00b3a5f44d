import type { Instrument, InstrumentQuote, MarketSnapshot, OptionInstrument, QuoteFlag } from '@ballast/domain';
import { exp, log } from '@ballast/pricing';
import { type ForwardToExpiry, forwardToExpiry } from '../forward-to-expiry';
import type { SmilePoint } from './fit-svi';
import { findSurfaceArbitrage } from './surface-arbitrage';
import { buildSlice, type VolatilitySlice } from './volatility-slice';
import type { VolatilitySurface } from './volatility-surface';

/** Quotes with these findings do not shape the surface. */
const distrustedFlags: readonly QuoteFlag[] = [
  'Q_STALE', 'Q_FUTURE', 'Q_CROSSED', 'Q_NONPOS', 'Q_NO_QUOTE', 'IV_RANGE', 'IV_PARITY', 'PRICE_BELOW_INTRINSIC',
]; // prettier-ignore
/** One-sided and wide quotes count this share of a good one. */
const weakShare = 0.1;
/** An option in the money counts this share: its price is mostly intrinsic value. */
const inTheMoneyShare = 0.25;
const weakFlags: readonly QuoteFlag[] = ['Q_ONE_SIDED', 'Q_WIDE', 'Q_ZERO_BID'];

/**
 * Builds the volatility surface of one underlying from the volatilities of a snapshot.
 *
 * Each strike with a trusted volatility is a point at its log-moneyness, weighted by its vega relative to the money; of
 * call and put the one out of the money speaks, the other only where it is alone or better quoted. Each expiry becomes a slice
 * (`buildSlice`), and the slices are checked against each other.
 *
 * @param instruments  terms of the quoted contracts
 * @returns null when no option of the underlying has a trusted volatility and a forward
 */
export function buildVolatilitySurface(
  snapshot: MarketSnapshot,
  instruments: ReadonlyMap<string, Instrument>,
  underlyingId: string,
): VolatilitySurface | null {
  const underlying = snapshot.underlyings.get(underlyingId);
  if (underlying === undefined) return null;
  const groups = new Map<number, { readonly carry: ForwardToExpiry; readonly points: Map<number, QuotedPoint> }>();
  for (const quote of snapshot.instruments.values()) {
    const option = instruments.get(quote.instrumentId);
    if (option?.type !== 'option' || option.underlying !== underlyingId) continue;
    const carry = groups.get(option.expiry)?.carry ?? forwardToExpiry(underlying, snapshot.asOf, option.expiry);
    if (carry === null || !(carry.forward > 0) || !(carry.yearsToExpiry > 0)) continue;
    const point = smilePoint(option, quote, carry);
    if (point === null) continue;
    const group = groups.get(option.expiry) ?? { carry, points: new Map<number, QuotedPoint>() };
    const other = group.points.get(point.k);
    if (other === undefined || point.preference > other.preference) group.points.set(point.k, point);
    groups.set(option.expiry, group);
  }
  if (groups.size === 0) return null;
  const slices = [...groups]
    .sort(([left], [right]) => left - right)
    .map(([expiry, { carry, points }]): VolatilitySlice => {
      const { yearsToExpiry, forward } = carry;
      const ordered = [...points.values()].sort((left, right) => left.k - right.k);
      return buildSlice({ expiry: expiry as OptionInstrument['expiry'], yearsToExpiry, forward }, ordered);
    });
  return {
    underlyingId,
    asOf: snapshot.asOf,
    spot: underlying.price?.toNumber() ?? null,
    slices,
    findings: findSurfaceArbitrage(slices),
  };
}

/** A point and how much its quote is preferred to that of the other right at the same strike. */
interface QuotedPoint extends SmilePoint {
  readonly preference: number;
}

function smilePoint(option: OptionInstrument, quote: InstrumentQuote, carry: ForwardToExpiry): QuotedPoint | null {
  const volatility = quote.impliedVolatility;
  if (volatility === null || quote.flags.some((flag) => distrustedFlags.includes(flag))) return null;
  const variance = volatility * volatility * carry.yearsToExpiry;
  // Moneyness is a logarithm: below 0 there is none.
  if (!option.strike.greaterThan(0) || !(carry.forward > 0)) return null;
  const k = log(option.strike.toNumber() / carry.forward);
  const isInTheMoney = option.right === 'call' ? k < 0 : k > 0;
  const vegaShare = Math.max(0.02, exp((-k * k) / (2 * variance)));
  const preference =
    (quote.flags.some((flag) => weakFlags.includes(flag)) ? weakShare : 1) * (isInTheMoney ? inTheMoneyShare : 1);
  return { k, variance, weight: vegaShare * preference, preference };
}
