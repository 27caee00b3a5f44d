import { type AccountResult } from '../account-result';
import { toColumns, toNumeric, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import type { ResultOwner } from './result-owner';

/** Writes what stays in effect for the held results of a run, in the transaction of its results. */
export async function insertHeld(
  tx: TenantTransaction,
  owner: ResultOwner,
  results: readonly AccountResult[],
): Promise<void> {
  const rows = results.flatMap(({ accountId, held }) =>
    held === undefined
      ? []
      : [
          [
            accountId,
            held.released.runId,
            toTimestamp(held.released.asOf),
            toNumeric(held.released.initial.amount, 'released.initial'),
            toNumeric(held.released.maintenance.amount, 'released.maintenance'),
            held.statusOnRelease,
            held.qualityOnRelease,
          ],
        ],
  );
  if (rows.length === 0) return;
  await tx.execute(
    `INSERT INTO held_requirements (firm_id, run_id, as_of, account_id, released_run_id, released_as_of, released_initial,
       released_maintenance, status_on_release, quality_on_release)
     SELECT $1::uuid, $2::uuid, $3::timestamptz, r.*
     FROM unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::numeric[], $8::numeric[], $9::text[], $10::text[]) AS r`,
    [tx.firmId, owner.runId, toTimestamp(owner.asOf), ...toColumns(rows, 7)],
  );
}
