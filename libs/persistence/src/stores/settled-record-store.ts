import { type Instant, instantOf } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantContext, TenantScope, TenantTransaction } from '../tenant';
import { isShareOf } from './collateral-store';

/** What the record of a firm held at an instant, told by its hash chain. */
export interface SettledRecord {
  /** The time now: everything that had ended by then is counted, and nothing else. */
  readonly instant: Instant;
  /** The last link of the chain; null while it has none. */
  readonly head: KnownLink | null;
  /** Whether the link asked about is still in the chain; it is not in a database that was restored since. */
  readonly isContinued: boolean;
  /** Rows that others wrote to chained tables since the link asked about, by table; empty without such a link. */
  readonly changes: ReadonlyMap<string, number>;
}

/** A link of a firm's chain. */
export interface KnownLink {
  readonly sequence: string;
  /** In hexadecimal digits. */
  readonly hash: string;
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
    since: { readonly link: KnownLink; readonly own: readonly string[] } | null,
  ): Promise<SettledRecord> {
    return this.database.withTenant(context, async (tx) => {
      const [settled] = await tx.rows<{ at: Date }>('SELECT settled_instant() AS at');
      const instant = instantFrom((settled as { at: Date }).at);
      const [head = null] = await tx.rows<KnownLink>(
        `SELECT sequence::text AS sequence, encode(hash, 'hex') AS hash FROM history_links WHERE firm_id = $1
         ORDER BY history_links.sequence DESC LIMIT 1`,
        [tx.firmId],
      );
      const isContinued = since === null || (await holdsLink(tx, since.link));
      const changes = since === null ? [] : await findChanges(tx, since);
      // Whoever commits next ends later than the instant, not at it.
      await tx.rows('SELECT pg_sleep(0.001) WHERE current_instant() <= $1::timestamptz', [toTimestamp(instant)]);
      return { instant, head, isContinued, changes: new Map(changes) };
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
    const bounds = (table: string): string =>
      `SELECT ${nextBound('h')} AS at FROM ${table} h WHERE h.account_id = ANY ($1::uuid[])`;
    const sql = `${bounds('positions')} UNION ALL ${bounds('balances')}`;
    return this.findFirst(scope, sql, [accountIds, toTimestamp(after.validAt), toTimestamp(after.knownAt)]);
  }

  /**
   * The first instant after a moment at which others may be found to hold something on these underlyings although nobody
   * writes: a position on one of them, or a pledge of its shares, begins or ends then, whoever's it is. Null when there is none.
   *
   * @param among  only these accounts are looked at; all of the firm when absent
   */
  async findNextHolders(
    scope: TenantScope,
    underlyingIds: readonly string[],
    after: { readonly validAt: Instant; readonly knownAt: Instant },
    among?: readonly string[],
  ): Promise<Instant | null> {
    const limit = among === undefined ? '' : 'AND h.account_id = ANY ($4::uuid[])';
    const sql = `SELECT ${nextBound('h')} AS at FROM positions h
        JOIN instruments i ON i.firm_id = h.firm_id AND i.instrument_id = h.instrument_id
        WHERE i.underlying_id = ANY ($1::text[]) ${limit}
      UNION ALL SELECT ${nextBound('h')} FROM collateral_holdings h WHERE (${isShareOf('h', '$1')}) ${limit}`;
    const parameters = [underlyingIds, toTimestamp(after.validAt), toTimestamp(after.knownAt)];
    return this.findFirst(scope, sql, among === undefined ? parameters : [...parameters, among]);
  }

  /**
   * The first instant after a market's of which a requirement of these accounts is known already: from then on it is the
   * last one. Null when there is none.
   */
  async findNextRequirement(scope: TenantScope, accountIds: readonly string[], asOf: Instant): Promise<Instant | null> {
    const sql = `SELECT r.as_of AS at FROM unnest($1::uuid[]) AS wanted (account_id) CROSS JOIN LATERAL (
      SELECT as_of FROM requirements WHERE requirements.account_id = wanted.account_id AND as_of > $2::timestamptz
      ORDER BY as_of LIMIT 1) AS r`;
    return this.findFirst(scope, sql, [accountIds, toTimestamp(asOf)]);
  }

  private async findFirst(scope: TenantScope, sql: string, parameters: readonly unknown[]): Promise<Instant | null> {
    const first = `SELECT min(at) AS at FROM (${sql}) AS found`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ at: Date | null }>(first, parameters));
    return row?.at == null ? null : instantOf(row.at.getTime());
  }
}

/** The first bound of a version beyond $2 (valid) or $3 (known). */
function nextBound(version: string): string {
  const later = (bound: string, time: string): string => `CASE WHEN ${bound} > ${time} THEN ${bound} END`;
  const times = [`${version}.valid`, `${version}.known`];
  const bounds = times.flatMap((time, index) =>
    [`lower(${time})`, `upper(${time})`].map((b) => later(b, `$${index + 2}::timestamptz`)),
  );
  return `least(${bounds.join(', ')})`;
}

/** Names the transaction as the links it appends will carry it. */
export async function transactionOf(tx: TenantTransaction): Promise<string> {
  const [row] = await tx.rows<{ name: string }>('SELECT pg_current_xact_id()::xid::text AS name');
  return (row as { name: string }).name;
}

async function holdsLink(tx: TenantTransaction, { sequence, hash }: KnownLink): Promise<boolean> {
  const sql = `SELECT 1 FROM history_links WHERE firm_id = $1 AND sequence = $2 AND hash = decode($3, 'hex')`;
  return (await tx.rows(sql, [tx.firmId, sequence, hash])).length > 0;
}

async function findChanges(
  tx: TenantTransaction,
  { link, own }: { readonly link: KnownLink; readonly own: readonly string[] },
): Promise<readonly (readonly [table: string, rows: number])[]> {
  const rows = await tx.rows<{ name: string; count: number }>(
    `SELECT table_name AS name, sum(row_count)::integer AS count FROM history_links
     WHERE firm_id = $3 AND sequence > $1 AND xmin::text <> ALL ($2::text[]) GROUP BY table_name`,
    [link.sequence, own, tx.firmId],
  );
  return rows.map(({ name, count }) => [name, count]);
}
