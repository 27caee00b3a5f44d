import {
  Decimal,
  type ForwardQuote,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type UnderlyingQuote,
} from '@ballast/domain';

/** A split or reverse split of a share: `numerator` new shares for `denominator` old ones. */
export interface ShareSplit {
  readonly underlying: string;
  readonly numerator: number;
  readonly denominator: number;
  /** First instant at which prices are those of the new shares. */
  readonly effectiveAt: Instant;
}

/** Digits of a scaled price, as adjusted strikes keep them. */
const priceDecimals = 10;

/**
 * States an earlier snapshot in the shares of a later time, so that the two compare: price / (numerator / denominator) of
 * every underlying that was quoted before a split took effect, up to `at`. A contract that a split replaced is given the
 * volatility of the contract it came from; its prices are left out.
 *
 * @param instruments  terms of the contracts of the later snapshot
 * @returns the same object when no split lies between
 */
export function scaleForSplits(
  snapshot: MarketSnapshot,
  context: {
    readonly splits: readonly ShareSplit[];
    readonly at: Instant;
    readonly instruments: ReadonlyMap<string, Instrument>;
  },
): MarketSnapshot {
  const splits = context.splits.filter(({ effectiveAt }) => effectiveAt <= context.at);
  const concerned = (quote: UnderlyingQuote): readonly ShareSplit[] =>
    splits.filter((split) => split.underlying === quote.underlyingId && quote.quotedAt < split.effectiveAt);
  if (![...snapshot.underlyings.values()].some((quote) => concerned(quote).length > 0)) return snapshot;
  const underlyings = new Map<string, UnderlyingQuote>();
  for (const [id, quote] of snapshot.underlyings) underlyings.set(id, scaled(quote, concerned(quote)));
  const instruments = new Map(snapshot.instruments);
  for (const { id, adjustedFrom } of context.instruments.values()) {
    const from = adjustedFrom === undefined ? undefined : snapshot.instruments.get(adjustedFrom);
    if (from !== undefined && !instruments.has(id)) instruments.set(id, volatilityOnly(from, id));
  }
  return { ...snapshot, underlyings, instruments };
}

function scaled(quote: UnderlyingQuote, splits: readonly ShareSplit[]): UnderlyingQuote {
  if (splits.length === 0) return quote;
  const price = (value: Decimal): Decimal =>
    splits
      .reduce((left, { numerator, denominator }) => left.times(denominator).div(numerator), value)
      .toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_EVEN);
  const forwards = quote.forwards.map((forward): ForwardQuote => ({ ...forward, price: price(forward.price) }));
  return { ...quote, price: quote.price === null ? null : price(quote.price), forwards };
}

function volatilityOnly(quote: InstrumentQuote, instrumentId: string): InstrumentQuote {
  return { ...quote, instrumentId, bid: null, ask: null, mark: null };
}
