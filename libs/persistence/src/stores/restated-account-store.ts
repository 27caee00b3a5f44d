import { type Instant, instantOf } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantScope, TenantTransaction } from '../tenant';

/** Accounts whose positions were stated and are not in their newest figures. */
export interface RestatedAccounts {
  /** In order. */
  readonly codes: readonly string[];
  /** The latest instant that figures of the firm, or of one of these accounts, are as of: older ones would not be the newest. */
  readonly figuresAsOf: Instant;
  /** Names these statements and the runs whose figures do not show them: the same ones give the same. */
  readonly name: string;
}

/** The run over the whole firm that its newest figures go back to. */
interface BaseRow {
  readonly started_at: Date;
  readonly as_of: Date;
  readonly known_at: Date;
  readonly positions_at: Date;
}

interface StatedRow {
  readonly code: string;
  readonly statements: readonly string[];
  /** That of the account's newest figures; null where it has none. */
  readonly run_id: string | null;
  readonly figures_at: Date | null;
}

/** Finds the accounts whose newest figures do not show what was stated of their positions. */
@Injectable()
export class RestatedAccountStore {
  constructor(private readonly database: Database) {}

  /**
   * Accounts with statements of positions that the run of their newest figures did not see: because they became known after
   * it read, or hold for a time after the instant it is as of. Statements that hold from later than now wait for their time.
   *
   * @param mark  what runs over restated accounts are known by: who asks for them, and how their idempotency keys begin
   * @returns null when there are none, no run over the firm was ever made, or one of these runs is under way
   */
  async find(
    scope: TenantScope,
    mark: { readonly requestedBy: string; readonly keyPrefix: string },
  ): Promise<RestatedAccounts | null> {
    return this.database.withTenant(scope, async (tx) => {
      const running = await tx.rows(
        `SELECT FROM margin_runs WHERE state = 'RUNNING'
         AND (is_part IS NULL OR (requested_by = $1 AND starts_with(idempotency_key, $2))) LIMIT 1`,
        [mark.requestedBy, mark.keyPrefix],
      );
      const base = running.length > 0 ? null : await this.findBase(tx);
      if (base === null) return null;
      const since = Math.min(base.known_at.getTime(), base.positions_at.getTime());
      const stated = await tx.rows<StatedRow>(unseenStatements, [toTimestamp(instantOf(since))]);
      if (stated.length === 0) return null;
      const named = stated.flatMap(({ statements, run_id: run }) => [...statements, run ?? '']);
      const figuresAt = stated.map(({ figures_at }) => (figures_at ?? base.as_of).getTime());
      return {
        codes: stated.map(({ code }) => code),
        figuresAsOf: instantFrom(
          new Date(figuresAt.reduce((latest, at) => Math.max(latest, at), base.as_of.getTime())),
        ),
        name: contentHash(named.sort()).slice(0, 32),
      };
    });
  }

  private async findBase(tx: TenantTransaction): Promise<BaseRow | null> {
    const [newest] = await tx.rows<BaseRow>(
      `SELECT started_at, as_of, known_at, positions_at FROM margin_runs WHERE state = 'COMPLETED' AND is_part IS NULL
       ORDER BY as_of DESC, finished_at DESC LIMIT 1`,
    );
    // One that could not evaluate every account; only what was started after the other is looked at.
    const [partial] = await tx.rows<BaseRow>(
      `SELECT started_at, as_of, known_at, positions_at FROM margin_runs WHERE state = 'PARTIAL' AND is_part IS NULL
         AND started_at > coalesce($1::timestamptz, '-infinity') AND as_of >= coalesce($2::timestamptz, '-infinity')
       ORDER BY started_at DESC, run_id DESC LIMIT 1`,
      [newest?.started_at ?? null, newest?.as_of ?? null],
    );
    return partial ?? newest ?? null;
  }
}

/** What the run of the newest figures could see is asked run by run, of the few that these accounts have. */
const unseenStatements = `
  WITH stated AS MATERIALIZED (
    SELECT s.account_id, s.statement_id, s.known_at, s.valid_from, l.run_id, l.at
    FROM position_statements s LEFT JOIN latest_buffers l ON l.firm_id = s.firm_id AND l.account_id = s.account_id
    WHERE (s.known_at > $1 OR s.known_at = ANY ((SELECT unseen_stamps($1))::timestamptz[])) AND s.valid_from <= clock_timestamp()),
  looked AS MATERIALIZED (
    SELECT m.run_id, m.known_at, m.positions_at, unseen_stamps(m.known_at) AS unseen FROM margin_runs m
    WHERE m.run_id IN (SELECT run_id FROM stated))
  SELECT a.code, array_agg(s.statement_id::text) AS statements, s.run_id, max(s.at) AS figures_at
  FROM stated s JOIN accounts a ON a.account_id = s.account_id LEFT JOIN looked m ON m.run_id = s.run_id
  WHERE m.run_id IS NULL OR s.known_at > m.known_at OR s.known_at = ANY (m.unseen) OR s.valid_from > m.positions_at
  GROUP BY a.code, s.run_id ORDER BY a.code`;
