import { type Instant, instantOf, type Instrument, type MarketSnapshot } from '@ballast/domain';
import {
  type BreakerEvent,
  type BreakerState,
  type BuiltSnapshot,
  type FeedObservation,
  findingsOf,
  findFxTriangles,
  frozenEvents,
  type GuardContext,
  type GuardedSnapshot,
  guardSnapshot,
  judgeFindings,
  observeFeed,
  observeLate,
  type QuoteLimits,
  scaleForSplits,
  type SnapshotFindings,
  type VolatilitySurface,
} from '@ballast/market-data';
import {
  FeedStore,
  type MarketSnapshotHeader,
  MarketSnapshotStore,
  type NewMarketSnapshot,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { MarketReferences } from './market-references';

/** The feed of a firm's market snapshots, however they arrive. */
export const marketFeed = 'market';

/** What the guard found on a whole market. */
export interface JudgedMarket {
  readonly findings: SnapshotFindings;
  readonly observation: FeedObservation;
  readonly fx: MarketSnapshot['fx'];
  readonly notices?: readonly string[];
}

/** A market that was stored, and what the circuit breaker made of it. */
export interface AdmittedMarket {
  readonly header: MarketSnapshotHeader;
  readonly isNew: boolean;
  /** Null for content stored before or older than the feed's last snapshot. */
  readonly event: BreakerEvent | null;
}

/** A snapshot that passed the guard and was stored. */
export interface PublishedSnapshot extends AdmittedMarket {
  readonly built: BuiltSnapshot;
}

/** Lets a snapshot into the record: checks it against those before it, fills gaps with flags, minds the circuit breaker. */
@Injectable()
export class MarketGuard {
  constructor(
    private readonly snapshots: MarketSnapshotStore,
    private readonly feeds: FeedStore,
    private readonly references: MarketReferences,
  ) {}

  /**
   * Stores a built snapshot after the guard. One that trips the breaker, or comes while the feed is SUSPECT, is stored
   * and kept, but not evaluated on: the last believed one stays in use.
   */
  async publish(
    transaction: TenantTransaction,
    input: {
      readonly built: BuiltSnapshot;
      readonly instruments: ReadonlyMap<string, Instrument>;
      readonly surfaces: readonly VolatilitySurface[];
      readonly source: string;
      /** What counts as stale; the limits of end-of-day markets when absent. */
      readonly limits?: QuoteLimits;
    },
  ): Promise<PublishedSnapshot> {
    const { instruments, surfaces, source, limits } = input;
    await this.lock(transaction);
    const { built, observation } = await this.check(transaction, input.built, {
      ...{ instruments, surfaces },
      ...(limits === undefined ? {} : { limits }),
    });
    const { snapshot } = built;
    const judged = { findings: findingsOf(built), observation, fx: snapshot.fx };
    const admitted = await this.admit(transaction, judged, (quality) =>
      this.snapshots.insert(transaction, { snapshot, source, ...quality }),
    );
    return { ...admitted, built };
  }

  /** Lets nobody else decide over the feed until the transaction ends. */
  lock(transaction: TenantTransaction): Promise<void> {
    return this.feeds.lock(transaction, marketFeed);
  }

  /**
   * Stores what passed the guard, by `store`, and lets the circuit breaker judge it. The feed is locked.
   *
   * @param judged.notices  what is wrong with the feed itself; accounts evaluated on the snapshot are DEGRADED for it
   */
  async admit<Stored extends { readonly header: MarketSnapshotHeader; readonly inserted: boolean }>(
    transaction: TenantTransaction,
    judged: JudgedMarket,
    store: (quality: Pick<NewMarketSnapshot, 'quality' | 'qualityReasons'>) => Promise<Stored>,
  ): Promise<AdmittedMarket & { readonly stored: Stored }> {
    const { observation, notices } = judged;
    const last = await this.feeds.findLast(transaction, marketFeed);
    const believed = await this.snapshots.findLatest(transaction);
    const seen = observe(last?.state ?? null, observation, believed?.asOf ?? null);
    // What is wrong with the feed is that of its last event: a late snapshot of a followed feed has one too.
    const quiet = last === null || notices === undefined ? null : acceptedAs(last.state);
    const observed = seen ?? quiet;
    const reasonsOfFeed = [...(notices ?? []), ...(observed?.reasons ?? [])];
    const stored = await store(qualityOf(judged, reasonsOfFeed));
    const { header, inserted: isNew } = stored;
    if (observed !== null && isNew) {
      const { event: kind, state } = observed;
      const { at } = observation;
      await this.feeds.append(transaction, {
        feed: marketFeed,
        at,
        kind,
        snapshotId: header.id,
        reasons: reasonsOfFeed,
        state,
      });
    }
    return { header, isNew, event: isNew ? (observed?.event ?? null) : null, stored };
  }

  /**
   * Holds a market, or some underlyings of one with all that is quoted on them, against the believed ones before it.
   *
   * @param recall  what the caller remembers of a stored snapshot, at least of these underlyings; it is read where null
   */
  async check(
    transaction: TenantTransaction,
    built: BuiltSnapshot,
    context: Pick<GuardContext, 'instruments' | 'surfaces' | 'limits' | 'carried'>,
    recall: (snapshotId: string) => MarketSnapshot | null = () => null,
  ): Promise<GuardedSnapshot> {
    const { instruments } = context;
    const { asOf, instruments: quotes, underlyings } = built.snapshot;
    const previous: MarketSnapshot[] = [];
    const adjustedFrom = [...instruments.values()].flatMap((contract) => contract.adjustedFrom ?? []);
    // The second one is there for the underlyings alone: three ticks confirm a move.
    for (const ids of [[...quotes.keys(), ...adjustedFrom], []]) {
      const before = instantOf((previous.at(-1)?.asOf ?? asOf) - 1);
      const header = await this.snapshots.findAsOf(transaction, before);
      if (header === null) break;
      const known = recall(header.id);
      // Of a market whose quotes were given up with their month the underlyings are left to compare with.
      const hasQuotes = monthOf(header.asOf) === monthOf(asOf) || (await this.snapshots.hasQuotes(transaction, header));
      const wanted = hasQuotes ? ids : [];
      const stored = known ?? (await this.snapshots.loadForInstruments(transaction, header.id, wanted))?.snapshot;
      if (stored === undefined) break;
      previous.push(ids.length === 0 ? { ...stored, instruments: new Map() } : stored);
    }
    const orphans = await this.references.findOrphanExpiries(transaction, instruments.values(), underlyings);
    return guardSnapshot(built, {
      ...context,
      previous: await this.inSharesOf(transaction, asOf, { previous, instruments }),
      isSession: ({ id }) => !orphans.has(id),
    });
  }

  /** Earlier snapshots as they would read had every split since been in force: a split is no move of the market. */
  private async inSharesOf(
    transaction: TenantTransaction,
    at: Instant,
    { previous, instruments }: Pick<GuardContext, 'previous' | 'instruments'>,
  ): Promise<readonly MarketSnapshot[]> {
    const quoted = previous.flatMap(({ underlyings }) => [...underlyings.values()].map(({ quotedAt }) => quotedAt));
    if (quoted.length === 0) return previous;
    const after = instantOf(quoted.reduce<number>((oldest, one) => Math.min(oldest, one), at) - 1);
    const splits = await this.references.findSplits(transaction, { after, until: at });
    return previous.map((snapshot) => scaleForSplits(snapshot, { splits, at, instruments }));
  }
}

function monthOf(at: Instant): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** What is newer than the feed's last snapshot moves its breaker; what is not may not slip past it. */
function observe(state: BreakerState | null, observation: FeedObservation, believedAt: Instant | null) {
  if (state === null || observation.at > state.at) return observeFeed(state, observation);
  return observeLate(state, observation, { believedAt });
}

function acceptedAs(state: BreakerState) {
  return { event: 'ACCEPTED' as const, reasons: [], state };
}

function qualityOf(
  { findings, fx }: JudgedMarket,
  feedReasons: readonly string[],
): Pick<NewMarketSnapshot, 'quality' | 'qualityReasons'> {
  const { quality, reasons } = judgeFindings(findings);
  const qualityReasons = [...feedReasons, ...reasons, ...describeFxTriangles({ snapshot: { fx } })];
  return { quality: qualityReasons.length > 0 ? 'DEGRADED' : quality, qualityReasons };
}

/** Tells which exchange rates disagree with the way through a third currency. */
export function describeFxTriangles({
  snapshot,
}: {
  readonly snapshot: Pick<MarketSnapshot, 'fx'>;
}): readonly string[] {
  return findFxTriangles(snapshot.fx).map(({ from, via, to, difference }) => {
    const points = (difference * 10_000).toFixed(0);
    return `FX_TRIANGLE: ${from} to ${to} differs by ${points} basis points from the way through ${via}`;
  });
}

/** Tells whether the snapshot of an event is left aside. */
export function isFrozen(event: BreakerEvent | null): boolean {
  return event !== null && frozenEvents.includes(event);
}
