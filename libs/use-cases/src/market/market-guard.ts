import { type Instant, instantOf, type Instrument, type MarketSnapshot } from '@ballast/domain';
import {
  type BreakerEvent,
  type BreakerState,
  type BuiltSnapshot,
  type FeedObservation,
  findFxTriangles,
  frozenEvents,
  type GuardContext,
  type GuardedSnapshot,
  guardSnapshot,
  judgeSnapshot,
  observeFeed,
  observeLate,
  type QuoteLimits,
  scaleForSplits,
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

/** A snapshot that passed the guard and was stored. */
export interface PublishedSnapshot {
  readonly header: MarketSnapshotHeader;
  readonly isNew: boolean;
  readonly built: BuiltSnapshot;
  /** What the circuit breaker made of it; null for content stored before or older than the feed's last snapshot. */
  readonly event: BreakerEvent | null;
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
      /** Contracts and underlyings of which nothing new was said. */
      readonly carried?: ReadonlySet<string>;
      /** What is wrong with the feed itself; accounts evaluated on the snapshot are DEGRADED for it. */
      readonly notices?: readonly string[];
    },
  ): Promise<PublishedSnapshot> {
    const { instruments, surfaces, source, limits, carried, notices } = input;
    await this.feeds.lock(transaction, marketFeed);
    const guarded = await this.check(transaction, input.built, {
      ...{ instruments, surfaces },
      ...(limits === undefined ? {} : { limits }),
      ...(carried === undefined ? {} : { carried }),
    });
    const { built, observation } = guarded;
    const last = await this.feeds.findLast(transaction, marketFeed);
    const believed = await this.snapshots.findLatest(transaction);
    const judged = observe(last?.state ?? null, observation, believed?.asOf ?? null);
    // What is wrong with the feed is that of its last event: a late snapshot of a followed feed has one too.
    const quiet = last === null || notices === undefined ? null : acceptedAs(last.state);
    const observed = judged ?? quiet;
    const reasonsOfFeed = [...(notices ?? []), ...(observed?.reasons ?? [])];
    const header = await this.snapshots.insert(transaction, toNewSnapshot(built, source, reasonsOfFeed));
    const isNew = header.inserted;
    if (observed !== null && isNew) {
      const { event: kind, state } = observed;
      const { at } = observation;
      await this.feeds.append(transaction, {
        feed: marketFeed,
        at,
        kind,
        snapshotId: header.header.id,
        reasons: reasonsOfFeed,
        state,
      });
    }
    return { header: header.header, isNew, built, event: isNew ? (observed?.event ?? null) : null };
  }

  private async check(
    transaction: TenantTransaction,
    built: BuiltSnapshot,
    context: Pick<GuardContext, 'instruments' | 'surfaces' | 'limits' | 'carried'>,
  ): Promise<GuardedSnapshot> {
    const { instruments } = context;
    const { asOf, instruments: quotes, underlyings } = built.snapshot;
    const previous: MarketSnapshot[] = [];
    const adjustedFrom = [...instruments.values()].flatMap((contract) => contract.adjustedFrom ?? []);
    // The second one is there for the underlyings alone: three ticks confirm a move.
    for (const ids of [[...quotes.keys(), ...adjustedFrom], []]) {
      const before = instantOf((previous.at(-1)?.asOf ?? asOf) - 1);
      const header = await this.snapshots.findAsOf(transaction, before);
      const stored = header === null ? null : await this.snapshots.loadForInstruments(transaction, header.id, ids);
      if (stored === null) break;
      previous.push(stored.snapshot);
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

/** What is newer than the feed's last snapshot moves its breaker; what is not may not slip past it. */
function observe(state: BreakerState | null, observation: FeedObservation, believedAt: Instant | null) {
  if (state === null || observation.at > state.at) return observeFeed(state, observation);
  return observeLate(state, observation, { believedAt });
}

function acceptedAs(state: BreakerState) {
  return { event: 'ACCEPTED' as const, reasons: [], state };
}

function toNewSnapshot(built: BuiltSnapshot, source: string, feedReasons: readonly string[]): NewMarketSnapshot {
  const { quality, reasons } = judgeSnapshot(built);
  const triangles = describeFxTriangles(built);
  const qualityReasons = [...feedReasons, ...reasons, ...triangles];
  return {
    snapshot: built.snapshot,
    source,
    quality: qualityReasons.length > 0 ? 'DEGRADED' : quality,
    qualityReasons,
  };
}

/** Tells which exchange rates disagree with the way through a third currency. */
export function describeFxTriangles({ snapshot }: Pick<BuiltSnapshot, 'snapshot'>): readonly string[] {
  return findFxTriangles(snapshot.fx).map(({ from, via, to, difference }) => {
    const points = (difference * 10_000).toFixed(0);
    return `FX_TRIANGLE: ${from} to ${to} differs by ${points} basis points from the way through ${via}`;
  });
}

/** Tells whether the snapshot of an event is left aside. */
export function isFrozen(event: BreakerEvent | null): boolean {
  return event !== null && frozenEvents.includes(event);
}
