import type { Instant, Instrument } from '@ballast/domain';
import {
  judgedParts,
  MarketBook,
  type MarketPart,
  type QuoteLimits,
  unjudgedParts,
  type VolatilitySurface,
} from '@ballast/market-data';
import type { StoredMarketSnapshot, TenantContext } from '@ballast/persistence';

/** A stored market that the stream knows, in parts by underlying. */
export interface KnownMarket {
  readonly id: string;
  readonly asOf: Instant;
  readonly fx: StoredMarketSnapshot['snapshot']['fx'];
  readonly parts: ReadonlyMap<string, MarketPart>;
}

/** What is remembered of a stream between two snapshots. */
export interface StreamSession {
  readonly context: TenantContext;
  readonly stream: string;
  readonly recordedBy: string;
  readonly limits: QuoteLimits;
  readonly book: MarketBook;
  /** Terms of every contract of the book. */
  readonly terms: Map<string, Instrument>;
  /** The same by underlying. */
  readonly termsByUnderlying: Map<string, Map<string, Instrument>>;
  /** The newest believed snapshot that the book knows. */
  baseId: string | null;
  /** Snapshots that the next one may be held against, the one that it is the difference from last. */
  known: readonly KnownMarket[];
  /** Number of the last message committed; null where the source counts none. */
  position: number | null;
  /** The mark that tells the position, and those of commits of which nobody knows whether they took effect. */
  marks: Set<string>;
  /** Contracts and underlyings of which something was said since the last snapshot. */
  changed: Set<string>;
  /** Currencies of whose rates something was said since the last snapshot. */
  changedCurrencies: Set<string>;
  /** Underlyings that moved since accounts were last evaluated. */
  owed: Set<string>;
  /** Currencies whose rates did. */
  owedCurrencies: Set<string>;
  readonly surfaces: Map<string, VolatilitySurface>;
  /** Work in the background on what was stored; null when there is none. */
  completing: Promise<void> | null;
}

/** Markets kept: the last one, and the believed ones before it while it is frozen. */
const knownMaximum = 4;

/** A session that knows nothing yet. */
export function newSession(
  settings: Pick<StreamSession, 'context' | 'stream' | 'recordedBy' | 'limits'>,
): StreamSession {
  const terms = new Map<string, Instrument>();
  return {
    ...settings,
    terms,
    termsByUnderlying: new Map(),
    book: new MarketBook((id) => terms.get(id)?.underlying),
    baseId: null,
    known: [],
    position: null,
    marks: new Set(),
    changed: new Set(),
    changedCurrencies: new Set(),
    owed: new Set(),
    owedCurrencies: new Set(),
    surfaces: new Map(),
    completing: null,
  };
}

/**
 * Takes over a market that somebody stored; the terms of its contracts are known. Where the book says nothing else yet, it
 * stands as it was judged.
 */
export function adoptMarket(session: StreamSession, { id, asOf, snapshot }: StoredMarketSnapshot): void {
  const { book, terms: instruments, limits } = session;
  const isAll = book.latest() === null;
  book.adopt(snapshot);
  const parts = isAll ? judgedParts(snapshot, { instruments, limits }) : unjudgedParts(snapshot, instruments);
  keepMarket(session, { id, asOf, fx: snapshot.fx, parts });
}

export function keepMarket(session: StreamSession, market: KnownMarket): void {
  const others = session.known.filter(({ id }) => id !== market.id);
  session.known = [...others, market].slice(-knownMaximum);
}

/** Underlyings of everything of which something was said, in order. */
export function saidOf({ changed, terms }: StreamSession): readonly string[] {
  return [...new Set([...changed].map((id) => terms.get(id)?.underlying ?? id))].sort();
}

/** Underlyings that moved, in order: a rate of exchange moves everything. */
export function movedOf(session: StreamSession): readonly string[] {
  return session.changedCurrencies.size > 0 ? [...session.book.underlyingIds].sort() : saidOf(session);
}

/** Whether a contract is over. */
export function isExpired(instrument: Instrument | undefined, at: Instant): boolean {
  return instrument !== undefined && 'expiry' in instrument && instrument.expiry <= at;
}
