import type { Instant, Methodology } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import type { AccountResult } from '../account-result';
import { Database } from '../database';
import { keepHistoryHead } from '../history/keep-history-head';
import { newId } from '../new-id';
import { instantFrom, toTimestamp } from '../row-values';
import type { TenantContext, TenantScope, TenantTransaction } from '../tenant';
import {
  insertRun,
  markFailed,
  readRuns,
  type MarginRun,
  type NewMarginRun,
  shardSums,
  type ShardSums,
} from './margin-run-rows';
import { countResults } from './result-counts';
import { insertResults } from './result-writer';

/** Accounts of one shard of a run. */
export interface RunShard {
  readonly runId: string;
  /** Counts from 1. */
  readonly shard: number;
  /** In order. */
  readonly accountIds: readonly string[];
  /** Of each account when the run was opened. */
  readonly methodologies: readonly Methodology[];
}

/** What came of handing in a shard: written now, written before by another delivery, or the run has been closed. */
export type ShardOutcome = 'recorded' | 'repeated' | 'closed';

/** One account's result as it enters the hash of a run. */
export interface HashedResult {
  readonly accountId: string;
  readonly resultHash: string;
}

const hashesPerPage = 20_000;
const accountsNamed = 20;
/** Writing the results of a shard may take long on a loaded server [ms]. */
const statementTimeoutMs = 600_000;

/** Runs over many accounts, worked on in shards by any number of processes; each shard takes effect exactly once. */
@Injectable()
export class RunShardStore {
  constructor(private readonly database: Database) {}

  /** How many accounts of which methodologies a run over the whole firm would have. */
  async countAccounts(
    scope: TenantScope,
  ): Promise<readonly { readonly methodology: string; readonly count: number }[]> {
    const sql =
      'SELECT methodology, count(*)::integer AS count FROM accounts GROUP BY methodology ORDER BY methodology';
    return this.database.withTenant(scope, (tx) => tx.rows(sql));
  }

  /**
   * Opens a run, cuts its accounts into shards in order of their identifier and puts a job for each into the queue, all
   * in one transaction: a run without its jobs, or jobs without their run, cannot be.
   *
   * @param input.accountIds   the accounts; all of the firm when absent
   * @param input.shardSize    accounts per shard, ≥ 1
   * @throws PersistenceError 'CONFLICT' when the idempotency key was used, 'FORBIDDEN' when the queue is not installed
   */
  async open(
    context: TenantContext,
    input: Omit<NewMarginRun, 'shardCount'> & { readonly accountIds?: readonly string[]; readonly shardSize: number },
  ): Promise<MarginRun> {
    const runId = input.id ?? newId();
    const shardCount = Math.ceil(input.accountCount / input.shardSize);
    await this.database.ensurePartition(context, input.asOf);
    return this.database.withTenant(
      context,
      async (tx) => {
        await insertRun(tx, runId, { ...input, shardCount });
        await tx.execute(
          `INSERT INTO margin_run_shards (firm_id, run_id, shard, account_ids, methodologies)
           SELECT $1::uuid, $2::uuid, shard, array_agg(account_id ORDER BY account_id),
             array_agg(methodology::text ORDER BY account_id) FROM (
             SELECT account_id, methodology, (row_number() OVER (ORDER BY account_id) - 1) / $3 + 1 AS shard FROM accounts
             WHERE $4::uuid[] IS NULL OR account_id = ANY ($4)) AS cut
           WHERE shard <= $5 GROUP BY shard ORDER BY shard`,
          [tx.firmId, runId, input.shardSize, input.accountIds ?? null, shardCount],
        );
        await tx.rows('SELECT ballast_jobs.add_shards($1::uuid, $2::integer, $3)', [
          runId,
          shardCount,
          input.engineVersion,
        ]);
        return (await readRuns(tx, [runId])).get(runId) as MarginRun;
      },
      { statementTimeoutMs },
    );
  }

  /** A shard of a run that is still open and that nobody has ended; null otherwise. */
  async findOpen(scope: TenantScope, runId: string, shard: number): Promise<RunShard | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<{ account_ids: string[]; methodologies: Methodology[] }>(
        `SELECT s.account_ids, s.methodologies FROM margin_run_shards s JOIN margin_runs r ON r.firm_id = s.firm_id AND r.run_id = s.run_id
         LEFT JOIN margin_run_shard_ends e ON e.firm_id = s.firm_id AND e.run_id = s.run_id AND e.shard = s.shard
         WHERE s.run_id = $1 AND s.shard = $2 AND r.state = 'RUNNING' AND e.shard IS NULL`,
        [runId, shard],
      ),
    );
    return row === undefined ? null : { runId, shard, accountIds: row.account_ids, methodologies: row.methodologies };
  }

  /**
   * Commits the results of a shard together with the row that ends it; that row's key lets one delivery win, and every
   * other finds its work done.
   *
   * @param alongside  what else has to be recorded with the results, after them and in their transaction
   */
  async record(
    context: TenantContext,
    run: Pick<MarginRun, 'id' | 'asOf' | 'engineVersion'> & { readonly snapshotHash: string },
    input: { readonly shard: number; readonly results: readonly AccountResult[]; readonly worker: string },
    alongside: (transaction: TenantTransaction) => Promise<unknown> = async () => undefined,
  ): Promise<ShardOutcome> {
    const { id: runId, asOf, engineVersion, snapshotHash } = run;
    const { shard, results, worker } = input;
    const { done, indeterminate, degraded, held } = countResults(results);
    return this.database.withTenant(
      context,
      async (tx) => {
        const counts = [done, indeterminate, degraded, held] as const;
        const outcome = await endShard(tx, { runId, shard, outcome: 'DONE', counts, worker, reason: null });
        if (outcome !== 'recorded') return outcome;
        await insertResults(tx, [{ owner: { runId, asOf, engineVersion, snapshotHash }, results, explained: false }]);
        await alongside(tx);
        return outcome;
      },
      { statementTimeoutMs },
    );
  }

  /** Ends a shard without results, because it cannot be worked on. */
  async recordDead(
    context: TenantContext,
    input: { readonly runId: string; readonly shard: number; readonly worker: string; readonly reason: string },
  ): Promise<ShardOutcome> {
    const { runId, shard, worker } = input;
    const end = {
      runId,
      shard,
      outcome: 'DEAD',
      counts: [0, 0, 0, 0],
      worker,
      reason: input.reason.slice(0, 1_000),
    } as const;
    return this.database.withTenant(context, (tx) => endShard(tx, end));
  }

  /**
   * Closes a run whose shards have all ended: COMPLETED, or PARTIAL naming the accounts without a result. Safe to ask at
   * any time, by anybody. @returns the run, or null while a shard is open or when it was closed before
   */
  async closeWhenDone(
    context: TenantContext,
    runId: string,
    hash: (pages: AsyncIterable<readonly HashedResult[]>) => Promise<string>,
  ): Promise<MarginRun | null> {
    const work = async (tx: TenantTransaction): Promise<MarginRun | null> => {
      const [head] = await tx.rows<{ as_of: Date; shard_count: number }>(
        `SELECT as_of, shard_count FROM margin_runs WHERE run_id = $1 AND state = 'RUNNING' AND shard_count IS NOT NULL
         FOR NO KEY UPDATE`,
        [runId],
      );
      if (head === undefined) return null;
      const [ends] = await tx.rows<ShardSums & { shards: number; dead: number }>(
        `SELECT count(*)::integer AS shards, count(*) FILTER (WHERE outcome = 'DEAD')::integer AS dead, ${shardSums}
         FROM margin_run_shard_ends WHERE run_id = $1`,
        [runId],
      );
      if (ends === undefined || ends.shards < head.shard_count) return null;
      const resultHash = await hash(resultHashes(tx, runId, instantFrom(head.as_of)));
      const reason = ends.dead === 0 ? null : await describeDead(tx, runId);
      await tx.execute(
        `UPDATE margin_runs SET state = $2, accounts_done = $3, accounts_indeterminate = $4, accounts_degraded = $5,
           accounts_held = $6, result_hash = $7, failure_reason = $8, finished_at = current_instant() WHERE run_id = $1`,
        [
          runId,
          reason === null ? 'COMPLETED' : 'PARTIAL',
          ...[ends.done, ends.indeterminate, ends.degraded, ends.held],
          Buffer.from(resultHash, 'hex'),
          reason,
        ],
      );
      return (await readRuns(tx, [runId])).get(runId) as MarginRun;
    };
    const closed = await this.database.withTenant(context, work, { statementTimeoutMs });
    if (closed !== null) await keepHistoryHead(this.database, context);
    return closed;
  }

  /** Gives a run in shards up; jobs that come later find it closed. */
  async fail(context: TenantContext, runId: string, reason: string): Promise<void> {
    await this.database.withTenant(context, (tx) => markFailed(tx, runId, reason));
  }

  /** Accounts of the run's shards that ended without results, in order. */
  async findDeadAccounts(scope: TenantScope, runId: string): Promise<readonly string[]> {
    const sql = `SELECT unnest(s.account_ids) AS id FROM margin_run_shards s
      JOIN margin_run_shard_ends e ON e.firm_id = s.firm_id AND e.run_id = s.run_id AND e.shard = s.shard
      WHERE s.run_id = $1 AND e.outcome = 'DEAD' ORDER BY 1`;
    return this.database.withTenant(scope, async (tx) =>
      (await tx.rows<{ id: string }>(sql, [runId])).map(({ id }) => id),
    );
  }
}

async function endShard(
  tx: TenantTransaction,
  end: {
    readonly runId: string;
    readonly shard: number;
    readonly outcome: 'DONE' | 'DEAD';
    readonly counts: readonly [done: number, indeterminate: number, degraded: number, held: number];
    readonly worker: string;
    readonly reason: string | null;
  },
): Promise<ShardOutcome> {
  const { runId, shard, outcome, counts, worker, reason } = end;
  const inserted = await tx.execute(
    `INSERT INTO margin_run_shard_ends (firm_id, run_id, shard, outcome, accounts_done, accounts_indeterminate,
       accounts_degraded, accounts_held, worker, reason)
     SELECT r.firm_id, r.run_id, $2, $3, $4, $5, $6, $7, $8, $9 FROM margin_runs r WHERE r.run_id = $1 AND r.state = 'RUNNING'
     ON CONFLICT ON CONSTRAINT margin_run_shard_ends_pk DO NOTHING`,
    [runId, shard, outcome, ...counts, worker, reason],
  );
  if (inserted === 1) return 'recorded';
  const known = await tx.rows('SELECT 1 FROM margin_run_shard_ends WHERE run_id = $1 AND shard = $2', [runId, shard]);
  return known.length > 0 ? 'repeated' : 'closed';
}

/** Result hashes of a run in order of the account, however many there are, page by page. */
async function* resultHashes(
  tx: TenantTransaction,
  runId: string,
  asOf: Instant,
): AsyncGenerator<readonly HashedResult[]> {
  await tx.rows(
    `DECLARE run_hashes NO SCROLL CURSOR FOR SELECT account_id AS "accountId", encode(result_hash, 'hex') AS "resultHash" FROM requirements
     WHERE run_id = '${runId}'::uuid AND as_of = '${toTimestamp(asOf)}'::timestamptz ORDER BY account_id`,
  );
  for (;;) {
    const rows = await tx.rows<HashedResult>(`FETCH ${hashesPerPage} FROM run_hashes`);
    yield rows;
    if (rows.length < hashesPerPage) break;
  }
  await tx.rows('CLOSE run_hashes');
}

async function describeDead(tx: TenantTransaction, runId: string): Promise<string> {
  const rows = await tx.rows<{ shard: number; reason: string; accounts: string; codes: string[] }>(
    `SELECT e.shard, e.reason, cardinality(s.account_ids) AS accounts, ARRAY(
       SELECT a.code::text FROM accounts a WHERE a.account_id = ANY (s.account_ids) ORDER BY a.code LIMIT ${accountsNamed}) AS codes
     FROM margin_run_shard_ends e JOIN margin_run_shards s ON s.firm_id = e.firm_id AND s.run_id = e.run_id AND s.shard = e.shard
     WHERE e.run_id = $1 AND e.outcome = 'DEAD' ORDER BY e.shard`,
    [runId],
  );
  const count = rows.reduce((sum, { accounts }) => sum + Number(accounts), 0);
  const named = rows.flatMap(({ codes }) => codes).slice(0, accountsNamed);
  const rest = count > named.length ? ` and ${count - named.length} more` : '';
  const reasons = rows.map(({ shard, reason }) => `shard ${shard}: ${reason}`).slice(0, 5);
  return `${count} accounts have no result: ${named.join(', ')}${rest}; ${reasons.join('; ')}`.slice(0, 2_000);
}
