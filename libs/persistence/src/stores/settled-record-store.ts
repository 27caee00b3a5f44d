import { type Instant, instantOf } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantContext, TenantScope, TenantTransaction } from '../tenant';

/** What the record of a firm held at an instant, told by its hash chain. */
export interface SettledRecord {
  /** The time now: everything that had ended by then is counted, and nothing else. */
  readonly instant: Instant;
  /** Number of the last link of the chain. */
  readonly sequence: string;
  /** Rows that others wrote to chained tables since the link asked about, by table; empty without such a link. */
  readonly changes: ReadonlyMap<string, number>;
}

/** Positions that were stated anew. */
export interface StatedPositions {
  readonly accountIds: readonly string[];
  readonly statements: number;
}

/**
 * Tells whether what was read of a firm's record earlier is still what it says. Every change of holdings, results and terms
 * of evaluation is a link of the firm's hash chain, appended as its transaction commits; so the links since then say which
 * tables changed, whoever changed them, and no writer has to think of it.
 */
@Injectable()
export class SettledRecordStore {
  constructor(private readonly database: Database) {}

  /**
   * Finds the instant up to which a run that starts now knows the record, and what changed since an earlier one. Both are
   * found under the lock that commits take, so that no change lies between them.
   *
   * @param since.own  transactions whose changes are known already, as `transactionOf` names them
   */
  async settle(
    context: TenantContext,
    since: { readonly sequence: string; readonly own: readonly string[] } | null,
  ): Promise<SettledRecord> {
    return this.database.withTenant(context, async (tx) => {
      const [settled] = await tx.rows<{ at: Date }>('SELECT settled_instant() AS at');
      const instant = instantFrom((settled as { at: Date }).at);
      const [head] = await tx.rows<{ sequence: string }>(
        'SELECT coalesce(max(sequence), 0)::text AS sequence FROM history_links WHERE firm_id = $1',
        [tx.firmId],
      );
      const changes = since === null ? [] : await findChanges(tx, since);
      // Whoever commits next ends later than the instant, not at it.
      await tx.rows('SELECT pg_sleep(0.001) WHERE current_instant() <= $1::timestamptz', [toTimestamp(instant)]);
      return { instant, sequence: (head as { sequence: string }).sequence, changes: new Map(changes) };
    });
  }

  /** Accounts whose positions were stated after an instant, or before it by a transaction that had not ended by then. */
  async findStated(scope: TenantScope, since: Instant): Promise<StatedPositions> {
    const sql = `SELECT account_id, count(*)::integer AS statements FROM position_statements
      WHERE known_at > $1 OR known_at = ANY ((SELECT unseen_stamps($1))::timestamptz[]) GROUP BY account_id ORDER BY account_id`;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_id: string; statements: number }>(sql, [toTimestamp(since)]),
    );
    return {
      accountIds: rows.map((row) => row.account_id),
      statements: rows.reduce((sum, row) => sum + row.statements, 0),
    };
  }

  /**
   * The first instant after a moment at which what these accounts hold changes although nobody writes: a version begins or
   * ends then, or is known from then on. Null when there is none.
   */
  async findNextChange(
    scope: TenantScope,
    accountIds: readonly string[],
    after: { readonly validAt: Instant; readonly knownAt: Instant },
  ): Promise<Instant | null> {
    const bounds = (table: string): string => `SELECT least(
        CASE WHEN lower(valid) > $2 THEN lower(valid) END, CASE WHEN upper(valid) > $2 THEN upper(valid) END,
        CASE WHEN lower(known) > $3 THEN lower(known) END, CASE WHEN upper(known) > $3 THEN upper(known) END) AS at
      FROM ${table} WHERE account_id = ANY ($1::uuid[])`;
    const sql = `SELECT min(at) AS at FROM (${bounds('positions')} UNION ALL ${bounds('balances')}) AS b`;
    const parameters = [accountIds, toTimestamp(after.validAt), toTimestamp(after.knownAt)];
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ at: Date | null }>(sql, parameters));
    return row?.at == null ? null : instantOf(row.at.getTime());
  }
}

/** Names the transaction as the links it appends will carry it. */
export async function transactionOf(tx: TenantTransaction): Promise<string> {
  const [row] = await tx.rows<{ name: string }>('SELECT pg_current_xact_id()::xid::text AS name');
  return (row as { name: string }).name;
}

async function findChanges(
  tx: TenantTransaction,
  { sequence, own }: { readonly sequence: string; readonly own: readonly string[] },
): Promise<readonly (readonly [table: string, rows: number])[]> {
  const rows = await tx.rows<{ name: string; count: number }>(
    `SELECT table_name AS name, sum(row_count)::integer AS count FROM history_links
     WHERE firm_id = $3 AND sequence > $1 AND xmin::text <> ALL ($2::text[]) GROUP BY table_name`,
    [sequence, own, tx.firmId],
  );
  return rows.map(({ name, count }) => [name, count]);
}
