import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { checkPageSize } from '../keyset-page';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantScope } from '../tenant';

/** Something that changed figures of accounts: a run that ended with results, or a confirmation of held ones. */
export interface RunOutcome {
  readonly runId: string;
  /** When held figures of the run were confirmed; null for the end of the run. */
  readonly releasedAt: Instant | null;
}

/** An outcome in its place in time. */
export interface RecordedOutcome extends RunOutcome {
  readonly at: Instant;
}

/** What the record says ended or was confirmed, in order of time. */
@Injectable()
export class RunOutcomeStore {
  constructor(private readonly database: Database) {}

  /** The present instant of the record, by which ends and confirmations are dated. */
  async findNow(scope: TenantScope): Promise<Instant> {
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<{ at: Date }>('SELECT current_instant() AS at'));
    return instantFrom((rows[0] as { at: Date }).at);
  }

  /**
   * One page of what ended (COMPLETED or PARTIAL) or was confirmed at or after an instant, oldest first. A scope limited
   * to accounts sees the confirmations of these only.
   *
   * @param since.after  last one of the page before
   */
  async findSince(
    scope: TenantScope,
    since: { readonly at: Instant; readonly after?: RecordedOutcome | undefined; readonly first: number },
  ): Promise<RecordedOutcome[]> {
    const { after, first } = since;
    const at = toTimestamp(after?.at ?? since.at);
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ run_id: string; at: Date; released: boolean }>(
        `SELECT * FROM (
           SELECT run_id, finished_at AS at, false AS released FROM margin_runs
           WHERE finished_at >= $1 AND state IN ('COMPLETED', 'PARTIAL')
           UNION ALL
           SELECT DISTINCT run_id, confirmed_at, true FROM requirement_releases WHERE confirmed_at >= $1) AS outcome
         WHERE $2::uuid IS NULL OR (at, run_id, released) > ($1, $2, $3) ORDER BY at, run_id, released LIMIT $4`,
        [at, after?.runId ?? null, after === undefined ? null : after.releasedAt !== null, checkPageSize(first)],
      ),
    );
    return rows.map((row) => {
      const instant = instantFrom(row.at);
      return { runId: row.run_id, releasedAt: row.released ? instant : null, at: instant };
    });
  }
}
