import type { AccountChange, Instant, LifecycleEvent, LifecycleEventType } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { instantFrom, toColumns, toTimestamp, toTimestampOrNull } from '../row-values';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { knownBy } from './known-time';
import {
  effectColumns,
  type EffectRow,
  effectRows,
  groupEffects,
  type LifecycleEffect,
  writtenEffectColumns,
} from './lifecycle-effect';

/** An event as recorded. */
export interface RecordedLifecycleEvent {
  readonly id: string;
  readonly type: LifecycleEventType;
  readonly effectiveAt: Instant;
  readonly instrumentId: string | null;
  readonly underlying: string | null;
  /** The event that this one takes back. */
  readonly reverses: string | null;
  /** The event that took this one back. */
  readonly reversedBy: string | null;
  readonly source: string;
  readonly recordedBy: string;
  readonly knownAt: Instant;
}

/** An event with what it did to one account. */
export interface AccountLifecycleEvent extends RecordedLifecycleEvent {
  readonly effects: readonly LifecycleEffect[];
}

/** A split as recorded: `numerator` new shares for `denominator` old ones. */
export interface RecordedSplit {
  readonly underlying: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly effectiveAt: Instant;
}

interface EventRow {
  readonly event_id: string;
  readonly type: LifecycleEventType;
  readonly effective_at: Date;
  readonly instrument_id: string | null;
  readonly underlying_id: string | null;
  readonly reverses: string | null;
  readonly reversed_by: string | null;
  readonly source: string;
  readonly recorded_by: string;
  readonly known_at: Date;
}

const eventColumns = `e.event_id, e.type, e.effective_at, e.instrument_id, e.underlying_id, e.reverses, e.source, e.recorded_by, e.known_at,
  (SELECT r.event_id FROM lifecycle_events r WHERE r.firm_id = e.firm_id AND r.reverses = e.event_id) AS reversed_by`;
/** Events in the life of contracts and what they did, append-only. */
@Injectable()
export class LifecycleStore {
  constructor(private readonly database: Database) {}

  /** One writer of events per firm at a time; held to the end of the transaction. */
  async lock(tx: TenantTransaction): Promise<void> {
    await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 4))', [`${tx.firmId} lifecycle`]);
  }

  async findById(
    scope: TenantScope,
    eventId: string,
  ): Promise<(RecordedLifecycleEvent & { readonly requestHash: string }) | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<EventRow & { request_hash: Buffer }>(
        `SELECT ${eventColumns}, e.request_hash FROM lifecycle_events e WHERE e.event_id = $1`,
        [eventId],
      ),
    );
    return row === undefined ? null : { ...toEvent(row), requestHash: row.request_hash.toString('hex') };
  }

  /** Splits in force that took effect after one instant (all when absent) and up to another, as known at a time (default: now), oldest first. */
  async findSplits(
    scope: TenantScope,
    span: { readonly after?: Instant; readonly until: Instant; readonly knownAt?: Instant | undefined },
  ): Promise<readonly RecordedSplit[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ underlying_id: string; effective_at: Date; numerator: number; denominator: number }>(
        `SELECT e.underlying_id, e.effective_at, (e.terms->'action'->>'numerator')::float8 AS numerator,
           (e.terms->'action'->>'denominator')::float8 AS denominator
         FROM lifecycle_events e
         WHERE e.type = 'split' AND ($1::timestamptz IS NULL OR e.effective_at > $1) AND e.effective_at <= $2 AND ${knownBy('e.known_at', '$3')}
           AND NOT EXISTS (SELECT FROM lifecycle_events r WHERE r.firm_id = e.firm_id AND r.reverses = e.event_id
             AND ${knownBy('r.known_at', '$3')})
         ORDER BY e.effective_at, e.event_id`,
        [toTimestampOrNull(span.after), toTimestamp(span.until), toTimestampOrNull(span.knownAt)],
      ),
    );
    return rows.map(({ underlying_id: underlying, effective_at: at, numerator, denominator }) => {
      return { underlying, numerator, denominator, effectiveAt: instantFrom(at) };
    });
  }

  /** Records an event and what it did; the caller writes positions and balances in the same transaction. */
  async record(
    tx: TenantTransaction,
    event: LifecycleEvent,
    record: {
      readonly changes: ReadonlyMap<string, AccountChange>;
      readonly effectiveAt: Instant;
      readonly source: string;
      readonly recordedBy: string;
    },
  ): Promise<void> {
    await tx.execute(
      `INSERT INTO lifecycle_events (firm_id, event_id, type, effective_at, instrument_id, underlying_id, reverses, terms, request_hash, source, recorded_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tx.firmId,
        event.id,
        event.type,
        toTimestamp(record.effectiveAt),
        'instrumentId' in event ? event.instrumentId : null,
        'underlying' in event ? event.underlying : null,
        event.type === 'reversal' ? event.reversedEventId : null,
        JSON.stringify(event),
        Buffer.from(hashOfEvent(event), 'hex'),
        record.source,
        record.recordedBy,
      ],
    );
    const rows = [...record.changes].flatMap(([accountId, change]) => effectRows(accountId, change));
    await tx.execute(
      `INSERT INTO lifecycle_effects (firm_id, event_id, effective_at, account_id, effect_number, ${writtenEffectColumns.join(', ')})
       SELECT $1::uuid, $2, $3::timestamptz, v.* FROM unnest($4::uuid[], $5::integer[], $6::text[], $7::numeric[], $8::numeric[],
         $9::numeric[], $10::numeric[], $11::text[], $12::numeric[], $13::text[], $14::text[], $15::json[], $16::json[]) v`,
      [tx.firmId, event.id, toTimestamp(record.effectiveAt), ...toColumns(rows, 13)],
    );
  }

  /** What an event did, by account. */
  async findEffects(scope: TenantScope, eventId: string): Promise<Map<string, LifecycleEffect[]>> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<EffectRow>(
        `SELECT ${effectColumns} FROM lifecycle_effects WHERE event_id = $1 ORDER BY account_id, effect_number`,
        [eventId],
      ),
    );
    return groupEffects(rows, (row) => row.account_id);
  }

  /**
   * An event in force that took effect later and changed one of the holdings, or with `paidOn` paid a dividend on the shares
   * among them; null when there is none.
   */
  async findLaterEvent(
    tx: TenantTransaction,
    touched: {
      readonly accountId: string;
      readonly instrumentIds: readonly string[];
      readonly assets: readonly string[];
      readonly after: Instant;
      readonly paidOn: boolean;
    },
  ): Promise<string | null> {
    const [row] = await tx.rows<{ event_id: string }>(
      `SELECT f.event_id FROM lifecycle_effects f JOIN lifecycle_events e ON e.firm_id = f.firm_id AND e.event_id = f.event_id
       WHERE f.account_id = $1 AND f.effective_at > $3 AND e.type <> 'reversal'
         AND (f.instrument_id = ANY ($2::text[]) OR f.asset = ANY ($4::text[]) OR $5 AND e.type IN ('dividend', 'special-dividend') AND (
           e.underlying_id = ANY ($4::text[]) OR EXISTS (SELECT FROM instruments i WHERE i.firm_id = e.firm_id
             AND i.underlying_id = e.underlying_id AND i.type = 'underlying' AND i.instrument_id = ANY ($2::text[] || $4::text[]))))
         AND NOT EXISTS (SELECT FROM lifecycle_events r WHERE r.firm_id = e.firm_id AND r.reverses = e.event_id)
       ORDER BY f.effective_at, f.event_id LIMIT 1`,
      [touched.accountId, touched.instrumentIds, toTimestamp(touched.after), touched.assets, touched.paidOn],
    );
    return row?.event_id ?? null;
  }

  /** Times after an instant at which reversals put holdings back, in order. */
  async findReversalTimes(
    tx: TenantTransaction,
    touched: {
      readonly accountId: string;
      readonly instrumentIds: readonly string[];
      readonly assets: readonly string[];
      readonly after: Instant;
    },
  ): Promise<Instant[]> {
    const rows = await tx.rows<{ effective_at: Date }>(
      `SELECT DISTINCT f.effective_at FROM lifecycle_effects f JOIN lifecycle_events e ON e.firm_id = f.firm_id AND e.event_id = f.event_id
       WHERE f.account_id = $1 AND (f.instrument_id = ANY ($2::text[]) OR f.asset = ANY ($4::text[])) AND f.effective_at > $3
         AND e.type = 'reversal' ORDER BY f.effective_at`,
      [touched.accountId, touched.instrumentIds, toTimestamp(touched.after), touched.assets],
    );
    return rows.map((row) => instantFrom(row.effective_at));
  }

  /** How many rows all pages of `findPage` have. */
  async count(scope: TenantScope, accountId: string): Promise<number> {
    if (!isUuid(accountId)) return 0;
    const sql = `SELECT count(*)::integer AS count FROM (SELECT DISTINCT effective_at, event_id FROM lifecycle_effects
      WHERE account_id = $1) AS listed`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, [accountId]));
    return row?.count ?? 0;
  }

  /** Events of one account with what they did to it, the latest effect first. */
  async findPage(
    scope: TenantScope,
    request: PageRequest & { readonly accountId: string },
  ): Promise<Page<AccountLifecycleEvent>> {
    const first = checkPageSize(request.first);
    const { accountId } = request;
    const cursors = new KeysetCursors({ list: 'lifecycle-events', firmId: scope.firmId, accountId });
    const [at, id] =
      request.after == null ? [null, null] : cursors.decode(request.after, [keyParts.instant, keyParts.identifier]);
    if (!isUuid(accountId)) return { items: [], hasNextPage: false };
    return this.database.withTenant(scope, async (tx) => {
      const rows = await tx.rows<EventRow>(
        `SELECT ${eventColumns} FROM (SELECT DISTINCT firm_id, effective_at, event_id FROM lifecycle_effects
           WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (effective_at, event_id) < ($2::timestamptz, $3::text))
           ORDER BY effective_at DESC, event_id DESC LIMIT ${first + 1}) f
         JOIN lifecycle_events e ON e.firm_id = f.firm_id AND e.event_id = f.event_id
         ORDER BY f.effective_at DESC, f.event_id DESC`,
        [accountId, at, id],
      );
      const effects = groupEffects(
        await tx.rows<EffectRow>(
          `SELECT ${effectColumns} FROM lifecycle_effects WHERE account_id = $1 AND event_id = ANY ($2::text[])
           ORDER BY event_id, effect_number`,
          [accountId, rows.map((row) => row.event_id)],
        ),
        (row) => row.event_id,
      );
      return cursors.toPage(rows, first, (row) => ({
        node: { ...toEvent(row), effects: effects.get(row.event_id) ?? [] },
        key: [toTimestamp(instantFrom(row.effective_at)), row.event_id],
      }));
    });
  }
}

/** Identifies what an event says, whatever it is called. */
export function hashOfEvent(event: LifecycleEvent): string {
  return contentHash({ ...event, id: undefined });
}

function toEvent(row: EventRow): RecordedLifecycleEvent {
  return {
    id: row.event_id,
    type: row.type,
    effectiveAt: instantFrom(row.effective_at),
    instrumentId: row.instrument_id,
    underlying: row.underlying_id,
    reverses: row.reverses,
    reversedBy: row.reversed_by,
    source: row.source,
    recordedBy: row.recorded_by,
    knownAt: instantFrom(row.known_at),
  };
}
