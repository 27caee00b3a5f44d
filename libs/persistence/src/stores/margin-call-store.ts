import type { MarginCallEvent, MarginCallState } from '@ballast/buffer';
import type { Decimal, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { decimalOf, toTimestamp, toTimestampOrNull, uuidList } from '../row-values';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import {
  type MarginCallEventRow,
  type MarginCallRow,
  type StoredMarginCall,
  type StoredMarginCallEvent,
  toStoredMarginCall,
  toStoredMarginCallEvent,
} from './margin-call-row';
import { writeMarginCallEvents } from './margin-call-writer';
import { knownBy } from './known-time';

/** Which calls a list shows; what is absent does not restrict. */
export interface MarginCallFilter {
  readonly accountIds?: readonly string[] | undefined;
  readonly states?: readonly MarginCallState[] | undefined;
  /** True: all but CLOSED; false: CLOSED only. */
  readonly open?: boolean | undefined;
  /** Raised at or after. */
  readonly raisedFrom?: Instant | undefined;
  /** Raised before. */
  readonly raisedBefore?: Instant | undefined;
  /** Due before. */
  readonly dueBefore?: Instant | undefined;
}

/** An open call as a run finds it, and what of its payments the run's equity does not hold. */
export interface LockedMarginCall {
  readonly call: StoredMarginCall;
  readonly unreflected: Decimal;
}

const columns = `account_id, call_id, currency, raised_at, raised_run_id, due_at, escalates_at, known_at, state, amount, evaluated_at,
  evaluated_run_id, paid, unreflected, outstanding, late_fee, late_fee_until, penalty, acknowledged_at, acknowledged_by, note,
  waiver_proposed_by, waiver_proposed_at, waiver_reason, waiver_amount, waiver_approved_by, waiver_approved_at, closed_at, close_reason`;

/** Margin calls and their append-only events. Whoever changes a call holds its row lock until the end of the transaction. */
@Injectable()
export class MarginCallStore {
  constructor(private readonly database: Database) {}

  /** Writes events, the calls after them, and their notifications; the caller holds the calls' locks. */
  async append(tx: TenantTransaction, events: readonly MarginCallEvent[], runId: string | null = null): Promise<void> {
    await writeMarginCallEvents(tx, events, runId);
  }

  /** Locks a call until the end of the transaction; null when there is none. */
  async lock(tx: TenantTransaction, callId: string): Promise<StoredMarginCall | null> {
    if (!isUuid(callId)) return null;
    const sql = `SELECT ${columns} FROM margin_calls WHERE call_id = $1 FOR NO KEY UPDATE`;
    const [row] = await tx.rows<MarginCallRow>(sql, [callId]);
    return row === undefined ? null : toStoredMarginCall(row);
  }

  /** Locks the open calls of accounts, in order of the account, with the payments that a run did not see. */
  async lockOpen(
    tx: TenantTransaction,
    accountIds: readonly string[],
    seen: { readonly positionsAt: Instant; readonly knownAt: Instant },
  ): Promise<Map<string, LockedMarginCall>> {
    const rows = await tx.rows<MarginCallRow>(
      `SELECT ${columns} FROM margin_calls WHERE account_id = ANY ($1::uuid[]) AND state <> 'CLOSED'
       ORDER BY account_id FOR NO KEY UPDATE`,
      [uuidList(accountIds)],
    );
    if (rows.length === 0) return new Map();
    const unseen = await tx.rows<{ call_id: string; credited: string }>(
      `SELECT call_id, coalesce(sum(payment_credited) FILTER (WHERE payment_received_at > $2 OR NOT ${knownBy('known_at', '$3')}), 0) AS credited
       FROM margin_call_events WHERE (account_id, call_id) IN (SELECT * FROM unnest($1::uuid[], $4::uuid[])) GROUP BY call_id`,
      [
        rows.map((row) => row.account_id),
        toTimestamp(seen.positionsAt),
        toTimestamp(seen.knownAt),
        rows.map((row) => row.call_id),
      ],
    );
    const credited = new Map(unseen.map((row) => [row.call_id, row.credited]));
    return new Map(
      rows.map((row) => [
        row.account_id,
        { call: toStoredMarginCall(row), unreflected: decimalOf(credited.get(row.call_id) ?? '0') },
      ]),
    );
  }

  /** Accounts whose newest buffer is that of a run: only their calls follow it, and the run holds their rows. */
  async findNewestOf(tx: TenantTransaction, runId: string, accountIds: readonly string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ account_id: string }>(
      'SELECT account_id FROM latest_buffers WHERE run_id = $1 AND account_id = ANY ($2::uuid[])',
      [runId, uuidList(accountIds)],
      'newest of a run',
    );
    return new Set(rows.map((row) => row.account_id));
  }

  /** Accounts with a call that was due before `asOf` and not met, as known at `knownAt`. */
  async findOverdueAccounts(
    scope: TenantScope,
    accountIds: readonly string[],
    at: { readonly asOf: Instant; readonly knownAt?: Instant | undefined },
  ): Promise<Set<string>> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string }>(
        `SELECT c.account_id FROM margin_calls c CROSS JOIN LATERAL (
           SELECT e.state_after, e.outstanding FROM margin_call_events e
           WHERE e.firm_id = c.firm_id AND e.account_id = c.account_id AND e.call_id = c.call_id
             AND ${knownBy('e.known_at', '$3')} ORDER BY e.event_number DESC LIMIT 1) e
         WHERE c.account_id = ANY ($1::uuid[]) AND c.due_at < $2 AND e.outstanding > 0
           AND e.state_after IN ('RAISED', 'ACKNOWLEDGED', 'PARTLY_MET', 'OVERDUE', 'ESCALATED')`,
        [uuidList(accountIds), toTimestamp(at.asOf), toTimestampOrNull(at.knownAt)],
        'overdue accounts',
      ),
    );
    return new Set(rows.map((row) => row.account_id));
  }

  /** Locks calls that time alone may move on: overdue or to be escalated at an instant. Those in other hands are left out. */
  async lockDue(tx: TenantTransaction, at: Instant, limit: number): Promise<StoredMarginCall[]> {
    const rows = await tx.rows<MarginCallRow>(
      `SELECT ${columns} FROM margin_calls WHERE outstanding > 0
         AND ((state IN ('RAISED', 'ACKNOWLEDGED', 'PARTLY_MET') AND due_at < $1) OR (state = 'OVERDUE' AND escalates_at < $1))
       ORDER BY account_id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
      [toTimestamp(at), limit],
    );
    return rows.map(toStoredMarginCall);
  }

  /** Calls in which money is awaited and a deadline is still to come, in order of the account. */
  async findAwaiting(scope: TenantScope): Promise<StoredMarginCall[]> {
    const sql = `SELECT ${columns} FROM margin_calls WHERE state IN ('RAISED', 'ACKNOWLEDGED', 'PARTLY_MET', 'OVERDUE')
       AND outstanding > 0 ORDER BY account_id`;
    return (await this.database.withTenant(scope, (tx) => tx.rows<MarginCallRow>(sql))).map(toStoredMarginCall);
  }

  async findById(scope: TenantScope, callId: string): Promise<StoredMarginCall | null> {
    return (await this.findByIds(scope, [callId])).get(callId) ?? null;
  }

  /** Finds many at once; an unknown id is absent. */
  async findByIds(scope: TenantScope, callIds: readonly string[]): Promise<Map<string, StoredMarginCall>> {
    const known = [...new Set(callIds.filter(isUuid))];
    if (known.length === 0) return new Map();
    const sql = `SELECT ${columns} FROM margin_calls WHERE call_id = ANY ($1::uuid[])`;
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<MarginCallRow>(sql, [known]));
    return new Map(rows.map((row) => [row.call_id, toStoredMarginCall(row)]));
  }

  /** Steps of many calls, each list oldest first. */
  async findEvents(scope: TenantScope, callIds: readonly string[]): Promise<Map<string, StoredMarginCallEvent[]>> {
    const known = [...new Set(callIds.filter(isUuid))];
    if (known.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<MarginCallEventRow>(
        `SELECT e.*, c.currency FROM margin_calls c JOIN margin_call_events e
           ON e.firm_id = c.firm_id AND e.account_id = c.account_id AND e.call_id = c.call_id
         WHERE c.call_id = ANY ($1::uuid[]) ORDER BY e.call_id, e.event_number`,
        [known],
      ),
    );
    const found = new Map<string, StoredMarginCallEvent[]>(known.map((id) => [id, []]));
    for (const row of rows) found.get(row.call_id)?.push(toStoredMarginCallEvent(row));
    return found;
  }

  /** One page, the last raised first. */
  async findPage(
    scope: TenantScope,
    request: PageRequest & { readonly filter?: MarginCallFilter | undefined },
  ): Promise<Page<StoredMarginCall>> {
    const first = checkPageSize(request.first);
    const { filter = {} } = request;
    const cursors = new KeysetCursors({ list: 'marginCalls', firmId: scope.firmId, filter });
    const after =
      request.after == null ? [null, null] : cursors.decode(request.after, [keyParts.instant, keyParts.uuid]);
    const { condition, parameters } = toCondition(filter, 3);
    return this.database.withTenant(scope, async (tx) => {
      const rows = await tx.rows<MarginCallRow>(
        `SELECT ${columns} FROM margin_calls
         WHERE ($1::timestamptz IS NULL OR (raised_at, call_id) < ($1, $2::uuid)) AND ${condition}
         ORDER BY raised_at DESC, call_id DESC LIMIT ${first + 1}`,
        [...after, ...parameters],
      );
      return cursors.toPage(rows, first, (row) => ({
        node: toStoredMarginCall(row),
        key: [row.raised_at.toISOString(), row.call_id],
      }));
    });
  }

  async count(scope: TenantScope, filter: MarginCallFilter = {}): Promise<number> {
    const { condition, parameters } = toCondition(filter, 1);
    const sql = `SELECT count(*)::integer AS count FROM margin_calls WHERE ${condition}`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, parameters));
    return row?.count ?? 0;
  }

  /** Calls that a run raised, in order of the account. */
  async findRaisedByRun(scope: TenantScope, runId: string): Promise<StoredMarginCall[]> {
    if (!isUuid(runId)) return [];
    const sql = `SELECT ${columns} FROM margin_calls WHERE raised_run_id = $1 ORDER BY account_id, call_id`;
    return (await this.database.withTenant(scope, (tx) => tx.rows<MarginCallRow>(sql, [runId]))).map(
      toStoredMarginCall,
    );
  }

  /**
   * One page of the calls that the record learnt of after an instant, oldest first: what a subscriber missed.
   *
   * @param since.at          known later than this
   * @param since.beyond      last call of the page before: then also those known at `at` that come after it
   * @param since.accountIds  only these accounts; all that the scope sees when absent
   */
  async findRaisedSince(
    scope: TenantScope,
    since: {
      readonly at: Instant;
      readonly beyond?: Pick<StoredMarginCall, 'accountId' | 'id'> | undefined;
      readonly accountIds?: readonly string[] | undefined;
      readonly first: number;
    },
  ): Promise<StoredMarginCall[]> {
    const { at, beyond, first } = since;
    const accountIds = since.accountIds?.filter(isUuid) ?? null;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<MarginCallRow>(
        `SELECT ${columns} FROM margin_calls
         WHERE known_at >= $1 AND (known_at > $1 OR (account_id, call_id) > ($4::uuid, $5::uuid))
           AND ($2::uuid[] IS NULL OR account_id = ANY ($2))
         ORDER BY known_at, account_id, call_id LIMIT $3`,
        [toTimestamp(at), accountIds, checkPageSize(first), beyond?.accountId ?? null, beyond?.id ?? null],
      ),
    );
    return rows.map(toStoredMarginCall);
  }
}

function toCondition(filter: MarginCallFilter, from: number): { condition: string; parameters: unknown[] } {
  const place = (offset: number): string => `$${from + offset}`;
  const condition = [
    `(${place(0)}::uuid[] IS NULL OR account_id = ANY (${place(0)}::uuid[]))`,
    `(${place(1)}::text[] IS NULL OR state = ANY (${place(1)}::text[]))`,
    `(${place(2)}::boolean IS NULL OR (state <> 'CLOSED') = ${place(2)}::boolean)`,
    `(${place(3)}::timestamptz IS NULL OR raised_at >= ${place(3)}::timestamptz)`,
    `(${place(4)}::timestamptz IS NULL OR raised_at < ${place(4)}::timestamptz)`,
    `(${place(5)}::timestamptz IS NULL OR due_at < ${place(5)}::timestamptz)`,
  ].join(' AND ');
  const { accountIds, states, open, raisedFrom, raisedBefore, dueBefore } = filter;
  return {
    condition,
    parameters: [
      accountIds?.filter(isUuid) ?? null,
      states ?? null,
      open ?? null,
      toTimestampOrNull(raisedFrom),
      toTimestampOrNull(raisedBefore),
      toTimestampOrNull(dueBefore),
    ],
  };
}
