import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { instantFrom } from '../row-values';
import type { TenantScope } from '../tenant';

/** Accounts whose positions were stated anew since they were last looked at. */
export interface RestatedAccounts {
  /** In order. */
  readonly codes: readonly string[];
  /** When the last of these statements became known. */
  readonly knownAt: Instant;
}

/** Finds the accounts whose positions changed since the runs that looked at what the firm holds now. */
@Injectable()
export class RestatedAccountStore {
  constructor(private readonly database: Database) {}

  /**
   * Accounts with statements of positions that the last live run over the firm, or over restated accounts, could not see
   * yet. A run as of an instant in the past is not live; one that failed looked at nothing.
   *
   * @param mark  what runs over restated accounts are known by: who asks for them, and how their idempotency keys begin
   * @returns null when there are none, no such run was ever made, or one is under way
   */
  async find(
    scope: TenantScope,
    mark: { readonly requestedBy: string; readonly keyPrefix: string },
  ): Promise<RestatedAccounts | null> {
    return this.database.withTenant(scope, async (tx) => {
      const [last] = await tx.rows<{ known_at: Date; state: string }>(
        `SELECT known_at, state FROM margin_runs
         WHERE (is_part IS NULL OR (requested_by = $1 AND starts_with(idempotency_key, $2))) AND positions_at >= known_at AND state <> 'FAILED'
         ORDER BY started_at DESC, run_id DESC LIMIT 1`,
        [mark.requestedBy, mark.keyPrefix],
      );
      if (last === undefined || last.state === 'RUNNING') return null;
      const stated = await tx.rows<{ code: string; known_at: Date }>(
        `SELECT a.code, max(s.known_at) AS known_at FROM position_statements s JOIN accounts a USING (firm_id, account_id)
         WHERE s.known_at > $1 OR s.known_at = ANY ((SELECT unseen_stamps($1))::timestamptz[])
         GROUP BY a.code ORDER BY a.code`,
        [last.known_at],
      );
      if (stated.length === 0) return null;
      const knownAt = instantFrom(new Date(Math.max(...stated.map((row) => row.known_at.getTime()))));
      return { codes: stated.map(({ code }) => code), knownAt };
    });
  }
}
