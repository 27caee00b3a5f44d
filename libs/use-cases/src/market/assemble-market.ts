import {
  type ForwardQuote,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type OptionInstrument,
  Decimal,
  type UnderlyingQuote,
} from '@ballast/domain';
import type { MarketContent } from '@ballast/formats';
import { buildSnapshot, type BuiltSnapshot, parityForward, type ParityPair, yearsToExpiry } from '@ballast/market-data';
import { exp } from '@ballast/pricing';
import type { SourceMoment } from './second-sources';

/**
 * Turns the rows of market files into a snapshot; an underlying without a price gets its forwards from put-call parity.
 *
 * @param instruments  terms of every quoted contract
 */
export function assembleMarket(
  content: MarketContent,
  instruments: ReadonlyMap<string, Instrument>,
  { asOf, limits }: SourceMoment,
): BuiltSnapshot {
  const quotes = content.quotes.map(({ value }) => value);
  const forwardsById = new Map<string, ForwardQuote[]>();
  for (const { value } of content.forwards) {
    const { underlyingId, ...forward } = value;
    const known = forwardsById.get(underlyingId);
    if (known === undefined) forwardsById.set(underlyingId, [forward]);
    else known.push(forward);
  }
  const underlyings = content.underlyings.map(({ value }): UnderlyingQuote => {
    const { underlyingId, quotedAt = asOf } = value;
    const forwards = forwardsById.get(underlyingId) ?? [];
    const quote: UnderlyingQuote = { ...value, quotedAt, forwards };
    if (quote.price !== null || forwards.length > 0) return quote;
    return { ...quote, forwards: forwardsByParity(quote, { quotes, instruments, asOf }) };
  });
  return buildSnapshot({ asOf, underlyings, instruments, quotes, fx: content.fx.map(({ value }) => value), limits });
}

function forwardsByParity(
  underlying: UnderlyingQuote,
  market: {
    readonly quotes: readonly InstrumentQuote[];
    readonly instruments: ReadonlyMap<string, Instrument>;
    readonly asOf: Instant;
  },
): ForwardQuote[] {
  const pricesByPlace = new Map<string, { option: OptionInstrument; call?: number; put?: number }>();
  for (const quote of market.quotes) {
    const option = market.instruments.get(quote.instrumentId);
    const price = middleOf(quote);
    if (option?.type !== 'option' || option.underlying !== underlying.underlyingId || price === null) continue;
    const place = `${option.expiry} ${option.strike.toFixed()}`;
    const prices = pricesByPlace.get(place) ?? { option };
    prices[option.right] = price;
    pricesByPlace.set(place, prices);
  }
  const pairsByExpiry = new Map<Instant, ParityPair[]>();
  for (const { option, call, put } of pricesByPlace.values()) {
    if (call === undefined || put === undefined) continue;
    const pairs = pairsByExpiry.get(option.expiry) ?? [];
    pairs.push({ strike: option.strike.toNumber(), call, put });
    pairsByExpiry.set(option.expiry, pairs);
  }
  return [...pairsByExpiry]
    .sort(([left], [right]) => left - right)
    .flatMap(([expiry, pairs]) => {
      const forward = parityForward(pairs, exp(-underlying.rate * yearsToExpiry(market.asOf, expiry)));
      return forward === null || forward <= 0 ? [] : [{ expiry, price: new Decimal(forward.toFixed(8)) }];
    });
}

function middleOf({ bid, ask, mark }: InstrumentQuote): number | null {
  if (bid !== null && ask !== null) return bid.plus(ask).div(2).toNumber();
  return mark?.toNumber() ?? null;
}
