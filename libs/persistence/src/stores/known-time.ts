import { type Instant, formatInstant } from '@ballast/domain';
import type { Database } from '../database';
import { PersistenceError } from '../persistence-error';
import { instantFrom, instantOrNull, toTimestamp } from '../row-values';
import { isUuid, type TenantContext, type TenantTransaction } from '../tenant';

/**
 * Decides when a statement about an account became known: at the instant of its transaction, but always later than everything
 * known before, so that no version is closed before it was opened (two statements can fall into one millisecond, and
 * clocks step back). The caller holds the account's lock.
 *
 * @throws PersistenceError 'CONFLICT' when a given time is not later than what is known
 */
export async function takeKnownAt(
  tx: TenantTransaction,
  table: 'position_statements' | 'balances' | 'collateral_statements',
  statement: { readonly accountId: string; readonly knownAt?: Instant },
): Promise<Instant> {
  const known = table === 'balances' ? 'lower(known)' : 'known_at';
  const [row] = await tx.rows<{ now: Date; last: Date | null }>(
    `SELECT known_instant() AS now, max(${known}) AS last FROM ${table} WHERE account_id = $1`,
    [statement.accountId],
  );
  const last = instantOrNull(row?.last ?? null);
  const { knownAt } = statement;
  if (knownAt === undefined) {
    const now = instantFrom((row as { now: Date }).now);
    if (last === null || now > last) return now;
    const [next] = await tx.rows<{ at: Date }>('SELECT (known_instants($1::timestamptz, 1))[1] AS at', [
      toTimestamp(last),
    ]);
    return instantFrom((next as { at: Date }).at);
  }
  if (last === null || knownAt > last) return knownAt;
  throw new PersistenceError(
    'CONFLICT',
    `knownAt ${formatInstant(knownAt)} is not later than what is known already (${formatInstant(last)})`,
  );
}

/**
 * Condition that a row was known at a time: stamped by then, and written by a transaction that had ended by then, because
 * before that nobody could see it. Who asks at the very instant of a stamp is told what that statement said.
 *
 * @param column  when the row became known
 * @param at      parameter of the time, `$3`; every row is known where it is NULL
 */
export function knownBy(column: string, at: string): string {
  return `(${at}::timestamptz IS NULL OR (${column} <= ${at}::timestamptz AND ${column} <> ALL (${unseenStamps(at)})))`;
}

/** Condition that a version was believed at a time: as knownBy for its beginning, and not yet for its end. */
export function believedAt(range: string, at: string): string {
  return `((${range} @> ${at}::timestamptz OR upper(${range}) = ANY (${unseenStamps(at)}))
    AND lower(${range}) <= ${at}::timestamptz AND lower(${range}) <> ALL (${unseenStamps(at)}))`;
}

/** As believedAt, for many versions at once: while no writer was unseen, nothing but the range is looked at. */
export function plainlyBelievedAt(range: string, at: string): string {
  return `CASE WHEN (SELECT unseen_stamps(${at}::timestamptz) = '{}') THEN ${range} @> ${at}::timestamptz
    ELSE ${believedAt(range, at)} END`;
}

/** A subquery that stands on its own is answered once per statement, not once per row. */
function unseenStamps(at: string): string {
  return `(SELECT unseen_stamps(${at}::timestamptz))::timestamptz[]`;
}

/**
 * Finds the time now by the database's clock such that everything known by then can be seen by whatever is read afterwards.
 * In a transaction of its own.
 */
export async function findSettledInstant(database: Database, context: TenantContext): Promise<Instant> {
  const rows = await database.withTenant(context, (tx) => tx.rows<{ at: Date }>('SELECT settled_instant() AS at'));
  return instantFrom((rows[0] as { at: Date }).at);
}

/** The accounts that a statement `SELECT … account_id …` with a list of accounts as its first parameter names. */
export async function findAccountIds(
  tx: TenantTransaction,
  sql: string,
  [accountIds, ...rest]: readonly [readonly string[], ...unknown[]],
): Promise<Set<string>> {
  const known = accountIds.filter(isUuid);
  if (known.length === 0) return new Set();
  const rows = await tx.rows<{ account_id: string }>(sql, [known, ...rest]);
  return new Set(rows.map((row) => row.account_id));
}
