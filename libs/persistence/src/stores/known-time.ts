import { type Instant, formatInstant } from '@ballast/domain';
import { PersistenceError } from '../persistence-error';
import { instantFrom, instantOrNull } from '../row-values';
import { isUuid, type TenantTransaction } from '../tenant';

/**
 * Decides when a statement about an account became known: now by the database's clock, but always later than everything
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
    `SELECT current_instant() AS now, max(${known}) AS last FROM ${table} WHERE account_id = $1`,
    [statement.accountId],
  );
  const last = instantOrNull(row?.last ?? null);
  const { knownAt } = statement;
  if (knownAt === undefined) {
    const now = instantFrom((row as { now: Date }).now);
    return last === null || now > last ? now : ((last + 1) as Instant);
  }
  if (last === null || knownAt > last) return knownAt;
  throw new PersistenceError(
    'CONFLICT',
    `knownAt ${formatInstant(knownAt)} is not later than what is known already (${formatInstant(last)})`,
  );
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
