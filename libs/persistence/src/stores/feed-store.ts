import type { Instant } from '@ballast/domain';
import type { BreakerEvent, BreakerState } from '@ballast/market-data';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { FeedEventEntity } from '../entities/feed-event.entity';
import { newId } from '../new-id';
import { toTimestampOrNull } from '../row-values';
import type { TenantScope } from '../tenant';
import { knownBy } from './known-time';

/** What became of a snapshot of a feed, and the state of its circuit breaker after it. */
export interface FeedEvent {
  readonly feed: string;
  /** Counts up from 1 within the feed. */
  readonly ordinal: number;
  /** Instant of the snapshot. */
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly kind: BreakerEvent;
  readonly snapshotId: string | null;
  readonly reasons: readonly string[];
  readonly state: BreakerState;
}

/** Events of market feeds, append-only; the state after the last one decides whether the feed is believed. */
@Injectable()
export class FeedStore {
  constructor(private readonly database: Database) {}

  /** Waits until no other transaction works on the feed: events are decided one after the other. */
  async lock(scope: TenantScope, feed: string): Promise<void> {
    await this.database.withTenant(scope, (tx) =>
      tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 5))', [`${tx.firmId} ${feed}`]),
    );
  }

  async append(scope: TenantScope, event: Omit<FeedEvent, 'ordinal' | 'knownAt'>): Promise<void> {
    await this.database.withTenant(scope, async (tx) => {
      const [last] = await tx.rows<{ ordinal: number }>(
        'SELECT coalesce(max(ordinal), 0) AS ordinal FROM feed_events WHERE feed = $1',
        [event.feed],
      );
      const { reasons, ...rest } = event;
      await tx.manager.insert(FeedEventEntity, {
        ...rest,
        reasons: [...reasons],
        firmId: tx.firmId,
        eventId: newId(),
        ordinal: (last?.ordinal ?? 0) + 1,
      } as never);
    });
  }

  /** The last event of a feed at or before an instant, as known at `knownAt` (default: all, now). */
  async findLast(
    scope: TenantScope,
    feed: string,
    until: { readonly at?: Instant; readonly knownAt?: Instant } = {},
  ): Promise<FeedEvent | null> {
    return this.database.withTenant(scope, async (tx) => {
      const [row] = await tx.rows<{ id: string }>(
        `SELECT event_id AS id FROM feed_events
         WHERE feed = $1 AND ($2::timestamptz IS NULL OR at <= $2) AND ${knownBy('known_at', '$3')}
         ORDER BY ordinal DESC LIMIT 1`,
        [feed, toTimestampOrNull(until.at), toTimestampOrNull(until.knownAt)],
      );
      if (row === undefined) return null;
      const event = await tx.manager.findOneByOrFail(FeedEventEntity, { eventId: row.id });
      const { ordinal, at, knownAt, kind, snapshotId, reasons } = event;
      return { feed, ordinal, at, knownAt, kind, snapshotId, reasons, state: event.state as BreakerState };
    });
  }
}
