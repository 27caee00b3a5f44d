import type {
  Instant,
  Instrument,
  InstrumentQuote,
  MarketSnapshot,
  OptionInstrument,
  QuoteFlag,
  UnderlyingQuote,
} from '@ballast/domain';
import type { BuiltSnapshot } from '../build-snapshot';
import { defaultQuoteLimits, inListOrder, type QuoteLimits } from '../quote-check';
import type { VolatilitySurface } from '../surface/volatility-surface';
import type { FeedObservation } from './circuit-breaker';
import { fallbackPrice, fallbackVolatility } from './fallback-ladder';
import { checkSequence } from './quote-sequence';
import { flagSurfaceArbitrage } from './surface-flags';

/** What a snapshot is held against. */
export interface GuardContext {
  /** Terms of every quoted contract. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Believed snapshots before this one, latest first; two are enough. */
  readonly previous: readonly MarketSnapshot[];
  /** The same market by another source. */
  readonly secondSource?: MarketSnapshot;
  readonly surfaces?: readonly VolatilitySurface[];
  /** Whether an expiry is a session of its exchange; null = no calendar is known for the contract. */
  readonly isSession?: (instrument: Instrument, expiry: Instant) => boolean | null;
  readonly limits?: QuoteLimits;
  /** Contracts and underlyings of which nothing new was said: they stand as they were, which is no repetition. */
  readonly carried?: ReadonlySet<string>;
}

/** A snapshot after the guard, and how the circuit breaker sees it. */
export interface GuardedSnapshot {
  readonly built: BuiltSnapshot;
  readonly observation: FeedObservation;
}

/** Findings that make a value unfit: they count for the circuit breaker, and a last good value must not carry them. */
export const unfitFlags: ReadonlySet<QuoteFlag> = new Set<QuoteFlag>([
  'Q_STALE', 'Q_FUTURE', 'Q_OUT_OF_ORDER', 'Q_CROSSED', 'Q_SPIKE', 'Q_NONPOS', 'Q_NO_QUOTE', 'IV_RANGE', 'PRICE_BELOW_INTRINSIC',
  'FALLBACK_LAST_GOOD', 'FALLBACK_CONSERVATIVE',
]); // prettier-ignore

/** Volatility by which the moves of an underlying are judged that states none [1/√year]. */
const volatilityAssumed = 1;

/**
 * Holds a new snapshot against the believed ones before it (methodology §7.3): order, repetition, spikes and age of every
 * price; a price of zero is a missing price; what is missing is filled by the fallback ladder and flagged. It never drops
 * a quote, and a value it puts in always carries the flag of its rung.
 */
export function guardSnapshot(built: BuiltSnapshot, context: GuardContext): GuardedSnapshot {
  const { snapshot } = built;
  const underlyings = new Map(
    [...snapshot.underlyings].map(([id, quote]) => [id, guardUnderlying(quote, snapshot.asOf, context)]),
  );
  const instruments = new Map(
    [...snapshot.instruments].map(([id, quote]) => [
      id,
      guardInstrument(quote, { snapshot, underlyings, source: built.volatilitySources.get(id), context }),
    ]),
  );
  flagSurfaceArbitrage(instruments, context.instruments, context.surfaces ?? []);
  const guarded = { ...snapshot, underlyings, instruments };
  const judged = { ...built, snapshot: guarded, flagCounts: countFlags(guarded) };
  return { built: judged, observation: observationOf(judged) };
}

/** What the circuit breaker sees of a snapshot that passed the guard. */
export function observationOf({
  snapshot,
  volatilitySources,
}: Pick<BuiltSnapshot, 'snapshot' | 'volatilitySources'>): FeedObservation {
  const isQuotedByVolatility = ({ instrumentId }: InstrumentQuote): boolean =>
    volatilitySources.get(instrumentId) === 'quoted';
  return {
    at: snapshot.asOf,
    instrumentCount: snapshot.instruments.size,
    badInstruments: [...snapshot.instruments.values()]
      .filter((quote) => isUnfit(isQuotedByVolatility(quote) ? fitnessFlags(quote) : quote.flags))
      .map((quote) => quote.instrumentId),
    badUnderlyings: [...snapshot.underlyings.values()]
      .filter(({ flags, price, forwards }) => isUnfit(flags ?? []) || (price === null && forwards.length === 0))
      .map(({ underlyingId, kind }) => ({ id: underlyingId, kind })),
  };
}

function guardUnderlying(quote: UnderlyingQuote, asOf: Instant, context: GuardContext): UnderlyingQuote {
  const { underlyingId: id, kind } = quote;
  const limits = context.limits ?? defaultQuoteLimits;
  const flags = new Set<QuoteFlag>(quote.flags ?? []);
  let live = quote.price;
  // A future may settle at or below zero; for everything else such a price is no price.
  if (live !== null && kind !== 'future' && live.lessThanOrEqualTo(0)) {
    flags.add('Q_NONPOS');
    live = null;
  }
  if (asOf - quote.quotedAt > (limits.underlyingAgeMaximumMs ?? limits.ageMaximumMs)) flags.add('Q_STALE');
  if (quote.quotedAt - asOf > limits.futureMaximumMs) flags.add('Q_FUTURE');
  const before = context.previous.flatMap((snapshot) => snapshot.underlyings.get(id) ?? []);
  const second = context.secondSource?.underlyings.get(id)?.price ?? null;
  const sequence = checkSequence({
    seen: { value: live?.toNumber() ?? null, at: quote.quotedAt, flags: [] },
    before: before.map((one) => ({ value: one.price?.toNumber() ?? null, at: one.quotedAt, flags: one.flags ?? [] })),
    volatility: quote.historicalVolatility ?? volatilityAssumed,
    secondSource: second?.toNumber() ?? null,
  });
  for (const flag of sequence) if (flag !== 'Q_DUP' || context.carried?.has(id) !== true) flags.add(flag);
  // An underlying that is quoted by its forwards alone never had a price and needs none.
  const hadPrice = quote.price !== null || quote.forwards.length === 0;
  const good = before.find((one) => one.price !== null && !isUnfit(one.flags ?? []));
  const lastGood =
    good === undefined || good.price === null ? null : { value: good.price, ageMs: asOf - good.quotedAt };
  const found = hadPrice ? fallbackPrice({ live, secondSource: second, lastGood }) : null;
  if (found?.flag !== undefined) flags.add(found.flag);
  const { flags: _, ...rest } = quote;
  return { ...rest, price: found?.value ?? null, ...(flags.size === 0 ? {} : { flags: inListOrder(flags) }) };
}

function guardInstrument(
  quote: InstrumentQuote,
  market: {
    readonly snapshot: MarketSnapshot;
    readonly underlyings: ReadonlyMap<string, UnderlyingQuote>;
    readonly source: string | undefined;
    readonly context: GuardContext;
  },
): InstrumentQuote {
  const { context, source } = market;
  const terms = context.instruments.get(quote.instrumentId);
  const flags = new Set<QuoteFlag>(quote.flags);
  const before = context.previous.flatMap((snapshot) => snapshot.instruments.get(quote.instrumentId) ?? []);
  const [last] = before;
  if (last !== undefined && quote.quotedAt < last.quotedAt) flags.add('Q_OUT_OF_ORDER');
  const isCarried = context.carried?.has(quote.instrumentId) === true;
  if (last !== undefined && !isCarried && quote.quotedAt === last.quotedAt && isSameQuote(quote, last))
    flags.add('Q_DUP');
  if (source === 'one-sided') flags.add('FALLBACK_ONE_SIDED');
  if (source === 'surface') flags.add('FALLBACK_SURFACE');
  const mark = believedMark(quote, terms, market.underlyings);
  if (terms !== undefined && 'expiry' in terms && context.isSession?.(terms, terms.expiry) === false)
    flags.add('CAL_ORPHAN');
  let { impliedVolatility } = quote;
  if (terms?.type === 'option' && impliedVolatility === null) {
    const found = findVolatility(terms, before, market);
    if (found?.flag !== undefined) flags.add(found.flag);
    impliedVolatility = found?.value ?? null;
  }
  return { ...quote, mark, impliedVolatility, flags: inListOrder(flags) };
}

/** Zero is a missing price, not a value, unless the underlying is a future. */
function believedMark(
  { mark }: InstrumentQuote,
  terms: Instrument | undefined,
  underlyings: ReadonlyMap<string, UnderlyingQuote>,
): InstrumentQuote['mark'] {
  if (mark === null || !mark.isZero() || terms === undefined) return mark;
  const isFuture = terms.type !== 'option' && underlyings.get(terms.underlying)?.kind === 'future';
  return isFuture ? mark : null;
}

function findVolatility(
  option: OptionInstrument,
  before: readonly InstrumentQuote[],
  { snapshot, underlyings, context }: Parameters<typeof guardInstrument>[1],
) {
  const good = before.find((one) => one.impliedVolatility !== null && !isUnfit(fitnessFlags(one)));
  const volatility = good?.impliedVolatility ?? null;
  return fallbackVolatility({
    live: null,
    secondSource: context.secondSource?.instruments.get(option.id)?.impliedVolatility ?? null,
    surface: null,
    lastGood:
      good === undefined || volatility === null ? null : { value: volatility, ageMs: snapshot.asOf - good.quotedAt },
    kind: underlyings.get(option.underlying)?.kind ?? 'other',
  });
}

function isSameQuote(left: InstrumentQuote, right: InstrumentQuote): boolean {
  const same = (one: InstrumentQuote['bid'], other: InstrumentQuote['bid']): boolean =>
    one === null || other === null ? one === other : one.equals(other);
  return same(left.bid, right.bid) && same(left.ask, right.ask) && same(left.mark, right.mark);
}

/** A volatility needs no quote of its own. */
function fitnessFlags({ flags, impliedVolatility }: InstrumentQuote): readonly QuoteFlag[] {
  return impliedVolatility === null ? flags : flags.filter((flag) => flag !== 'Q_NO_QUOTE');
}

function isUnfit(flags: readonly QuoteFlag[]): boolean {
  return flags.some((flag) => unfitFlags.has(flag));
}

function countFlags(snapshot: MarketSnapshot): Map<QuoteFlag, number> {
  const counts = new Map<QuoteFlag, number>();
  for (const { flags } of snapshot.instruments.values())
    for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
