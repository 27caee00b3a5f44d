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

/** Digits of a scaled price: as many as the record keeps, so that price times quantity is the amount it was, to the cent. */
const priceDecimals = 20;
/** A chain of adjusted contracts is followed so far back. */
const generationsMaximum = 16;

interface Scaling {
  readonly splits: readonly ShareSplit[];
  readonly at: Instant;
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/**
 * States an earlier snapshot in the shares of a later time, so that holdings of new shares are worth what the old ones
 * were: price / (numerator / denominator) of everything on an underlying that was quoted before a split took effect, up to
 * `at`. A contract that a split replaced takes volatility and scaled prices of the contract it came from, as long as it
 * has no quote of its own; open interest and volume, counted in old contracts, are then not known. Prices keep their times, so that everybody sees how old they are.
 *
 * @param context.instruments  terms of the contracts of the later time, and of those they came from
 * @returns the same object when no split lies between
 */
export function scaleForSplits(snapshot: MarketSnapshot, context: Scaling): MarketSnapshot {
  const due = context.splits.filter(({ effectiveAt }) => effectiveAt <= context.at);
  const oldest = due.length === 0 ? context.at : oldestQuote(snapshot);
  const splits = due.filter((split) => split.effectiveAt > oldest);
  const scaling = { ...context, splits };
  if (!splits.some((split) => isQuotedBefore(snapshot, split, context.instruments))) return snapshot;
  const underlyings = new Map<string, UnderlyingQuote>();
  for (const [id, quote] of snapshot.underlyings) underlyings.set(id, scaledState(quote, scaling));
  const instruments = new Map(snapshot.instruments);
  const names = new Set(splits.map(({ underlying }) => underlying));
  for (const terms of context.instruments.values()) {
    if (!names.has(terms.underlying)) continue;
    const quote = scaledQuote(terms, snapshot, scaling);
    if (quote !== undefined) instruments.set(terms.id, quote);
  }
  return { ...snapshot, underlyings, instruments };
}

/** States a price of one underlying in the shares of a time; the same where no split lies between. */
export function priceInShares(
  price: Decimal,
  quote: { readonly underlying: string; readonly quotedAt: Instant },
  splits: readonly ShareSplit[],
): Decimal {
  const between = splits.filter((split) => split.underlying === quote.underlying && quote.quotedAt < split.effectiveAt);
  if (between.length === 0) return price;
  const scaled = between.reduce((left, { numerator, denominator }) => left.times(denominator).div(numerator), price);
  return scaled.toDecimalPlaces(priceDecimals, Decimal.ROUND_HALF_EVEN);
}

function oldestQuote(snapshot: MarketSnapshot): number {
  let oldest = Number.POSITIVE_INFINITY;
  for (const { quotedAt } of snapshot.underlyings.values()) oldest = Math.min(oldest, quotedAt);
  for (const { quotedAt } of snapshot.instruments.values()) oldest = Math.min(oldest, quotedAt);
  return oldest;
}

function isQuotedBefore(
  snapshot: MarketSnapshot,
  { underlying, effectiveAt }: ShareSplit,
  instruments: Scaling['instruments'],
): boolean {
  const state = snapshot.underlyings.get(underlying);
  if (state !== undefined && state.quotedAt < effectiveAt) return true;
  for (const terms of instruments.values()) {
    if (terms.underlying !== underlying || terms.type === 'option') continue;
    const quote = snapshot.instruments.get(terms.id);
    if (quote !== undefined && quote.quotedAt < effectiveAt) return true;
  }
  return false;
}

function scaledState(quote: UnderlyingQuote, { splits }: Scaling): UnderlyingQuote {
  const { underlyingId: underlying, quotedAt } = quote;
  const restated = (price: Decimal): Decimal => priceInShares(price, { underlying, quotedAt }, splits);
  const forwards = quote.forwards.map((forward): ForwardQuote => ({ ...forward, price: restated(forward.price) }));
  return { ...quote, price: quote.price === null ? null : restated(quote.price), forwards };
}

/** The quote of a contract that lives on or came into being by the split; undefined = none is known, or it stands. */
function scaledQuote(terms: Instrument, snapshot: MarketSnapshot, scaling: Scaling): InstrumentQuote | undefined {
  const own = snapshot.instruments.get(terms.id);
  // Of options a split always makes others: one that has a quote under its name is quoted in its own terms.
  if (own !== undefined && terms.type === 'option') return undefined;
  const quote = own ?? quoteBefore(terms, snapshot, scaling);
  if (quote === undefined) return undefined;
  const { underlying } = terms;
  const restated = (price: Decimal | null): Decimal | null =>
    price === null ? null : priceInShares(price, { underlying, quotedAt: quote.quotedAt }, scaling.splits);
  const [bid, ask, mark] = [quote.bid, quote.ask, quote.mark].map(restated) as [
    Decimal | null,
    Decimal | null,
    Decimal | null,
  ];
  const { openInterest: _, volume: __, ...prices } = quote;
  const isCountedInOld = scaling.splits.some(
    (split) => split.underlying === underlying && quote.quotedAt < split.effectiveAt,
  );
  return { ...(own !== undefined && !isCountedInOld ? quote : prices), instrumentId: terms.id, bid, ask, mark };
}

/** The quote of the nearest contract that this one came from on the same share. */
function quoteBefore(
  terms: Instrument,
  snapshot: MarketSnapshot,
  { instruments }: Scaling,
): InstrumentQuote | undefined {
  let from = terms.adjustedFrom;
  for (let generation = 0; from !== undefined && generation < generationsMaximum; generation += 1) {
    const before = instruments.get(from);
    if (before !== undefined && before.underlying !== terms.underlying) return undefined;
    const quote = snapshot.instruments.get(from);
    if (quote !== undefined) return quote;
    from = before?.adjustedFrom;
  }
  return undefined;
}
