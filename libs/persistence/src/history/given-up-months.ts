import type { Instant } from '@ballast/domain';
import { PersistenceError } from '../persistence-error';
import { instantOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

/** Whether a firm gave up, under the retention policy, the requirements of a month up to and with that of an instant. */
export async function hasGivenUpRequirements(
  tx: TenantTransaction,
  at: { readonly upTo: Instant } | { readonly of: Instant },
): Promise<boolean> {
  const [order, instant] = 'of' in at ? ['=', at.of] : ['<=', at.upTo];
  const rows = await tx.rows(
    `SELECT 1 FROM history_retirements WHERE table_name = 'requirements'
     AND month ${order} date_trunc('month', $1::timestamptz, 'UTC') LIMIT 1`,
    [toTimestamp(instant)],
  );
  return rows.length > 0;
}

/** The last month up to and with that of an instant whose requirements the firm gave up; null where it gave up none. */
export async function findLastGivenUp(tx: TenantTransaction, upTo: Instant): Promise<Instant | null> {
  const [row] = await tx.rows<{ month: Date | null }>(
    `SELECT max(month) AS month FROM history_retirements WHERE table_name = 'requirements'
     AND month <= date_trunc('month', $1::timestamptz, 'UTC')`,
    [toTimestamp(upTo)],
  );
  return instantOrNull(row?.month ?? null);
}

/** Whether the quotes of contracts of a stored snapshot were given up with their month; heads, prices and rates stay. */
export async function hasGivenUpQuotes(tx: TenantTransaction, snapshotId: string): Promise<boolean> {
  const rows = await tx.rows(
    `SELECT 1 FROM market_snapshots s JOIN history_retirements h ON h.firm_id = s.firm_id AND h.table_name = 'instrument_quotes'
       AND h.month = date_trunc('month', s.as_of, 'UTC') AND h.batch >= s.batch WHERE s.snapshot_id = $1`,
    [snapshotId],
  );
  return rows.length > 0;
}

/** @throws PersistenceError 'GIVEN_UP' where the quotes were given up: what is left would read like a market without contracts */
export async function requireQuotes(
  tx: TenantTransaction,
  snapshot: { readonly id: string; readonly asOf: Instant },
): Promise<void> {
  if (!(await hasGivenUpQuotes(tx, snapshot.id))) return;
  const at = new Date(snapshot.asOf).toISOString();
  throw new PersistenceError(
    'GIVEN_UP',
    `the quotes of market snapshot ${snapshot.id} of ${at} were given up with their month under the retention policy`,
  );
}
