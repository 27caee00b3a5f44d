import type { Instant } from '@ballast/domain';
import { newId } from '../new-id';
import { toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

/** Something that others have to be told. */
export interface NewNotification {
  readonly accountId: string;
  /** Stable machine word, for example `margin-call.raised`. */
  readonly kind: string;
  readonly at: Instant;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** Writes notifications and, for every target of the firm, a delivery that waits: in the transaction of what happened. */
export async function writeNotifications(
  tx: TenantTransaction,
  notifications: readonly NewNotification[],
): Promise<string[]> {
  if (notifications.length === 0) return [];
  const rows = notifications.map(({ accountId, kind, at, payload }) => {
    return { account_id: accountId, notification_id: newId(), kind, at: toTimestamp(at), payload };
  });
  await tx.execute(
    `INSERT INTO notifications (firm_id, account_id, notification_id, kind, at, payload)
     SELECT $1::uuid, v.* FROM json_to_recordset($2::json) AS v (account_id uuid, notification_id uuid, kind text, at timestamptz, payload json)`,
    [tx.firmId, JSON.stringify(rows)],
  );
  await tx.execute(
    `INSERT INTO webhook_deliveries (firm_id, account_id, notification_id, target_id)
     SELECT $1::uuid, v.account_id, v.notification_id, t.target_id
     FROM json_to_recordset($2::json) AS v (account_id uuid, notification_id uuid) CROSS JOIN webhook_targets t
     WHERE t.removed_at IS NULL`,
    [tx.firmId, JSON.stringify(rows.map(({ account_id, notification_id }) => ({ account_id, notification_id })))],
  );
  return rows.map(({ notification_id: id }) => id);
}
