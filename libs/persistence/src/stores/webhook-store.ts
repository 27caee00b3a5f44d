import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { newId } from '../new-id';
import { instantFrom, instantOrNull, toTimestamp } from '../row-values';
import { isUuid, type TenantScope } from '../tenant';

/** An address that a firm wants told; its secret is not among what is shown. */
export interface WebhookTarget {
  readonly id: string;
  readonly url: string;
  readonly recordedBy: string;
  readonly knownAt: Instant;
  readonly removedAt: Instant | null;
  /** Notifications on their way to it. */
  readonly pending: number;
  readonly delivered: number;
  /** Notifications given up. */
  readonly dead: number;
}

/** A delivery that one worker has taken for a while. */
export interface ClaimedDelivery {
  readonly accountId: string;
  readonly notificationId: string;
  readonly targetId: string;
  /** Counts attempts from 1, this one included. */
  readonly attempt: number;
  readonly url: string;
  readonly secret: string;
  readonly kind: string;
  readonly at: Instant;
  /** JSON text as written. */
  readonly payload: string;
}

/** What became of an attempt. */
export type DeliveryOutcome =
  | { readonly state: 'DELIVERED'; readonly status: number }
  | {
      readonly state: 'PENDING';
      readonly status: number | null;
      readonly error: string;
      readonly nextAttemptAt: Instant;
    }
  | { readonly state: 'DEAD'; readonly status: number | null; readonly error: string };

const errorLengthMaximum = 500;

/** Webhook targets of a firm and the deliveries to them. */
@Injectable()
export class WebhookStore {
  constructor(private readonly database: Database) {}

  /** @throws PersistenceError 'CONFLICT' when the address is a target already, 'VALUE_REFUSED' for a short secret */
  async add(
    scope: TenantScope,
    target: { readonly url: string; readonly secret: string; readonly recordedBy: string },
  ): Promise<string> {
    const id = newId();
    await this.database.withTenant(scope, (tx) =>
      tx.execute(
        'INSERT INTO webhook_targets (firm_id, target_id, url, secret, recorded_by) VALUES ($1, $2, $3, $4, $5)',
        [tx.firmId, id, target.url, target.secret, target.recordedBy],
      ),
    );
    return id;
  }

  /** Targets in force in order of the address, with how deliveries to them stand. */
  async findTargets(scope: TenantScope): Promise<WebhookTarget[]> {
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{
        target_id: string;
        url: string;
        recorded_by: string;
        known_at: Date;
        removed_at: Date | null;
        pending: number;
        delivered: number;
        dead: number;
      }>(
        `SELECT t.target_id, t.url, t.recorded_by, t.known_at, t.removed_at,
           count(*) FILTER (WHERE d.state = 'PENDING')::integer AS pending,
           count(*) FILTER (WHERE d.state = 'DELIVERED')::integer AS delivered, count(*) FILTER (WHERE d.state = 'DEAD')::integer AS dead
         FROM webhook_targets t LEFT JOIN webhook_deliveries d ON d.firm_id = t.firm_id AND d.target_id = t.target_id
         WHERE t.removed_at IS NULL GROUP BY t.firm_id, t.target_id ORDER BY t.url`,
      ),
    );
    return rows.map((row) => ({
      id: row.target_id,
      url: row.url,
      recordedBy: row.recorded_by,
      knownAt: instantFrom(row.known_at),
      removedAt: instantOrNull(row.removed_at),
      pending: row.pending,
      delivered: row.delivered,
      dead: row.dead,
    }));
  }

  /** Address and key of a target in force; null when there is none. */
  async findSecret(
    scope: TenantScope,
    targetId: string,
  ): Promise<{ readonly url: string; readonly secret: string } | null> {
    if (!isUuid(targetId)) return null;
    const sql = 'SELECT url, secret FROM webhook_targets WHERE target_id = $1 AND removed_at IS NULL';
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ url: string; secret: string }>(sql, [targetId]),
    );
    return rows[0] ?? null;
  }

  /** Ends a target; what was on its way to it is given up. @returns whether there was one */
  async remove(scope: TenantScope, targetId: string, removedBy: string): Promise<boolean> {
    if (!isUuid(targetId)) return false;
    return this.database.withTenant(scope, async (tx) => {
      const removed = await tx.execute(
        'UPDATE webhook_targets SET removed_at = current_instant(), removed_by = $2 WHERE target_id = $1 AND removed_at IS NULL',
        [targetId, removedBy],
      );
      if (removed === 0) return false;
      await tx.execute(
        `UPDATE webhook_deliveries SET state = 'DEAD', last_error = 'the target was removed', finished_at = current_instant()
         WHERE target_id = $1 AND state = 'PENDING'`,
        [targetId],
      );
      return true;
    });
  }

  /**
   * Takes deliveries that are due, oldest first, for the time of the lease: when the taker dies, others take them again
   * after it. At least once, never two takers at a time.
   */
  async claim(
    scope: TenantScope,
    input: { readonly at: Instant; readonly leaseMs: number; readonly limit: number },
  ): Promise<ClaimedDelivery[]> {
    const { at, leaseMs, limit } = input;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{
        account_id: string;
        notification_id: string;
        target_id: string;
        attempts: number;
        url: string;
        secret: string;
        kind: string;
        at: Date;
        payload: string;
      }>(
        `WITH due AS (SELECT firm_id, account_id, notification_id, target_id FROM webhook_deliveries
           WHERE state = 'PENDING' AND next_attempt_at <= $1 ORDER BY next_attempt_at, notification_id LIMIT $3 FOR UPDATE SKIP LOCKED)
         UPDATE webhook_deliveries d SET attempts = d.attempts + 1, next_attempt_at = $2
         FROM due JOIN notifications n USING (firm_id, account_id, notification_id) JOIN webhook_targets t USING (firm_id, target_id)
         WHERE d.firm_id = due.firm_id AND d.account_id = due.account_id AND d.notification_id = due.notification_id
           AND d.target_id = due.target_id
         RETURNING d.account_id, d.notification_id, d.target_id, d.attempts, t.url, t.secret, n.kind, n.at, n.payload::text AS payload`,
        [toTimestamp(at), toTimestamp((at + leaseMs) as Instant), limit],
      ),
    );
    return rows.map((row) => ({
      accountId: row.account_id,
      notificationId: row.notification_id,
      targetId: row.target_id,
      attempt: row.attempts,
      url: row.url,
      secret: row.secret,
      kind: row.kind,
      at: instantFrom(row.at),
      payload: row.payload,
    }));
  }

  /** Records what became of an attempt; one whose lease ran out and that somebody took again has no say. */
  async settle(scope: TenantScope, delivery: ClaimedDelivery, outcome: DeliveryOutcome): Promise<boolean> {
    const { accountId, notificationId, targetId, attempt } = delivery;
    const error = outcome.state === 'DELIVERED' ? null : outcome.error.slice(0, errorLengthMaximum);
    const next = outcome.state === 'PENDING' ? toTimestamp(outcome.nextAttemptAt) : null;
    const touched = await this.database.withTenant(scope, (tx) =>
      tx.execute(
        `UPDATE webhook_deliveries SET state = $5, last_status = $6, last_error = $7, next_attempt_at = coalesce($8, next_attempt_at),
           finished_at = CASE WHEN $5 = 'PENDING' THEN NULL ELSE current_instant() END
         WHERE account_id = $1 AND notification_id = $2 AND target_id = $3 AND attempts = $4 AND state = 'PENDING'`,
        [accountId, notificationId, targetId, attempt, outcome.state, outcome.status, error, next],
      ),
    );
    return touched === 1;
  }

  /** Notifications on their way, over all targets of a firm. */
  async countPending(scope: TenantScope): Promise<number> {
    const sql = `SELECT count(*)::integer AS count FROM webhook_deliveries WHERE state = 'PENDING'`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql));
    return row?.count ?? 0;
  }
}
