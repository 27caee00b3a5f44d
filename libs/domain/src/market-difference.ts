import type { Instant } from './instant';
import type { FxRate, InstrumentQuote, MarketSnapshot, UnderlyingQuote } from './market-snapshot';

/** What a market says that the one before it did not: whoever is not named here stands as it stood. */
export interface MarketDifference {
  /** Instant for which the later market holds. */
  readonly asOf: Instant;
  /** Underlyings that are stated anew, each with all of its forwards. */
  readonly underlyings: readonly UnderlyingQuote[];
  /** Contracts that are quoted anew. */
  readonly quotes: readonly InstrumentQuote[];
  /** Identifiers of contracts that are quoted no more. */
  readonly dropped: readonly string[];
  /** All exchange rates; null where they stand as they stood. */
  readonly fx: readonly FxRate[] | null;
}

/**
 * The market that a difference makes of the one before it, in the order of identifiers that whole snapshots have.
 *
 * @returns a market of its own: the one before it is not changed
 */
export function withDifference(before: MarketSnapshot, difference: MarketDifference): MarketSnapshot {
  const { asOf, underlyings, quotes, dropped, fx } = difference;
  const instruments = new Map(before.instruments);
  for (const id of dropped) instruments.delete(id);
  return {
    asOf,
    underlyings: overlaid(new Map(before.underlyings), underlyings, ({ underlyingId }) => underlyingId),
    instruments: overlaid(instruments, quotes, ({ instrumentId }) => instrumentId),
    fx: fx ?? before.fx,
  };
}

/** Puts items over those of the same identifier; the order of identifiers is made anew where one came to it. */
function overlaid<Item>(
  items: Map<string, Item>,
  anew: readonly Item[],
  idOf: (item: Item) => string,
): Map<string, Item> {
  const known = items.size;
  for (const item of anew) items.set(idOf(item), item);
  if (items.size === known) return items;
  return new Map([...items].sort(([left], [right]) => (left < right ? -1 : 1)));
}
