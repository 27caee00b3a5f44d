import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import type { AccountResult } from '../account-result';
import { Database } from '../database';
import { MarginRunEntity } from '../entities/margin-run.entity';
import { keepHistoryHead } from '../history/keep-history-head';
import { checkPageSize, KeysetCursors, keyParts, type Page, type PageRequest } from '../keyset-page';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { RunLocks, runLockKey } from '../run-lock';
import { findSettledInstant } from './known-time';
import { isUuid, type TenantContext, type TenantScope, TenantTransaction } from '../tenant';
import { insertRun, markFailed, readRuns, type MarginRun, type NewMarginRun } from './margin-run-rows';
import { type RecordedRun, insertRecordedRuns } from './recorded-runs';
import { countResults } from './result-counts';
import { insertResults } from './result-writer';

/** Takes results of a run; any number of batches. */
export interface ResultSink {
  /** The transaction in which the results are written, for what has to be recorded together with them. */
  readonly transaction: TenantTransaction;
  /**
   * @param explained  whether explanations are stored beside the figures; yes when absent
   * @param after      what the transaction is still busy with: rows are put together meanwhile, and sent when that has ended
   */
  write(results: readonly AccountResult[], explained?: boolean, after?: Promise<unknown>): Promise<void>;
}

/** Writes all results of a run and states their hash. */
export type WriteResults = (sink: ResultSink) => Promise<{ readonly resultHash: string }>;

/** Margin runs: opened, worked on by one living process, and completed with all results in one transaction. */
@Injectable()
export class MarginRunStore {
  private readonly locks: RunLocks;

  constructor(private readonly database: Database) {
    this.locks = new RunLocks(database);
  }

  /**
   * Opens a run in state RUNNING, visible to everybody, and holds its lock while this process lives. End it with
   * `complete` or `fail`.
   *
   * @throws PersistenceError 'CONFLICT' when the idempotency key was used, 'REFERENCE_MISSING' for an unknown snapshot
   */
  async open(context: TenantContext, input: NewMarginRun): Promise<MarginRun> {
    const runId = input.id ?? newId();
    await this.database.ensurePartition(context, input.asOf);
    await this.locks.take(runId);
    try {
      return await this.database.withTenant(context, async (tx) => {
        await insertRun(tx, runId, input);
        return (await readRuns(tx, [runId])).get(runId) as MarginRun;
      });
    } catch (failure) {
      await this.locks.release(runId);
      throw failure;
    }
  }

  /** The instant up to which a run that starts now knows the record: whatever is read afterwards can see all of it. */
  async findSettledInstant(context: TenantContext): Promise<Instant> {
    return findSettledInstant(this.database, context);
  }

  /** Says how far a run has come, for whoever watches; has no effect on a run that is no longer RUNNING. */
  async reportProgress(context: TenantContext, runId: string, accountsDone: number): Promise<void> {
    const sql = `UPDATE margin_runs SET accounts_done = $2 WHERE run_id = $1 AND state = 'RUNNING'`;
    await this.database.withTenant(context, (tx) => tx.execute(sql, [runId, accountsDone]));
  }

  /**
   * Commits the results of all accounts together with the state COMPLETED: before that nobody sees any of them, and a
   * crash leaves none.
   *
   * @throws PersistenceError 'RUN_NOT_OPEN' when the run is not RUNNING (it was declared failed), 'VALUE_REFUSED' when
   *         not every account has a result
   */
  async complete(context: TenantContext, runId: string, write: WriteResults): Promise<MarginRun> {
    const run = await this.database.withTenant(context, async (tx) => {
      // The row lock keeps a watchdog from declaring the run failed while results are written.
      const sql = `SELECT 1 FROM margin_runs WHERE run_id = $1 AND state = 'RUNNING' FOR NO KEY UPDATE`;
      if ((await tx.rows(sql, [runId])).length === 0) throw new PersistenceError('RUN_NOT_OPEN', 'the run is not open');
      return completeRun(tx, runId, write);
    });
    await this.locks.release(runId);
    await keepHistoryHead(this.database, context);
    return run;
  }

  /**
   * Records a run and its results in one transaction, without a RUNNING phase: for runs whose results are at hand, such
   * as loaded history.
   */
  async record(scope: TenantScope, input: NewMarginRun, write: WriteResults): Promise<MarginRun> {
    const runId = input.id ?? newId();
    await this.database.ensurePartition(scope, input.asOf);
    const run = await this.database.withTenant(scope, async (tx) => {
      await insertRun(tx, runId, input);
      return completeRun(tx, runId, write);
    });
    if (!(scope instanceof TenantTransaction)) await keepHistoryHead(this.database, scope);
    return run;
  }

  /**
   * Records many runs and their results in one transaction and few statements, oldest first: for loaded history.
   *
   * @throws PersistenceError 'REFERENCE_MISSING' for an unknown snapshot, 'VALUE_REFUSED' when a run does not have a
   *         result for every account
   */
  async recordAll(scope: TenantScope, runs: readonly RecordedRun[]): Promise<void> {
    for (const { run } of runs) await this.database.ensurePartition(scope, run.asOf);
    await this.database.withTenant(scope, (tx) => insertRecordedRuns(tx, runs));
    if (!(scope instanceof TenantTransaction)) await keepHistoryHead(this.database, scope);
  }

  /** Gives a run up. */
  async fail(context: TenantContext, runId: string, reason: string): Promise<void> {
    await this.database.withTenant(context, (tx) => markFailed(tx, runId, reason));
    await this.locks.release(runId);
  }

  /**
   * Marks runs as FAILED whose process has died: their lock is free although they are RUNNING. Safe at any time and in
   * any number of processes; runs in shards are left to the workers. @returns their ids
   */
  async failAbandoned(context: TenantContext): Promise<string[]> {
    return this.database.withTenant(context, async (tx) => {
      const running = await tx.rows<{ id: string }>(
        `SELECT run_id AS id FROM margin_runs WHERE state = 'RUNNING' AND shard_count IS NULL`,
      );
      const abandoned: string[] = [];
      for (const { id } of running) {
        const sql = `SELECT pg_try_advisory_xact_lock(${runLockKey('$1')}) AS free`;
        const [answer] = await tx.rows<{ free: boolean }>(sql, [id]);
        if (answer?.free !== true) continue;
        if ((await markFailed(tx, id, 'the process that worked on the run ended')) === 1) abandoned.push(id);
      }
      return abandoned;
    });
  }

  async findById(scope: TenantScope, id: string): Promise<MarginRun | null> {
    return (await this.findByIds(scope, [id])).get(id) ?? null;
  }

  /** Finds many at once; an unknown id is absent. */
  async findByIds(scope: TenantScope, ids: readonly string[]): Promise<Map<string, MarginRun>> {
    const known = [...new Set(ids.filter(isUuid))];
    if (known.length === 0) return new Map();
    return this.database.withTenant(scope, (tx) => readRuns(tx, known));
  }

  async findByIdempotencyKey(scope: TenantScope, idempotencyKey: string): Promise<MarginRun | null> {
    return this.database.withTenant(scope, async (tx) => {
      const row = await tx.manager.findOneBy(MarginRunEntity, { idempotencyKey });
      return row === null ? null : this.findById(tx, row.runId);
    });
  }

  /** The completed run over the whole firm with the latest `asOf`; of several the one finished last. */
  async findLatestCompleted(scope: TenantScope): Promise<MarginRun | null> {
    return this.database.withTenant(scope, async (tx) => {
      const [row] = await tx.rows<{ id: string }>(
        `SELECT run_id AS id FROM margin_runs WHERE state = 'COMPLETED' AND is_part IS NULL
         ORDER BY as_of DESC, finished_at DESC LIMIT 1`,
      );
      return row === undefined ? null : this.findById(tx, row.id);
    });
  }

  /** The run over the whole firm that was started last, whatever became of it unless it failed. */
  async findLastWhole(scope: TenantScope): Promise<MarginRun | null> {
    return this.database.withTenant(scope, async (tx) => {
      const [row] = await tx.rows<{ id: string }>(
        `SELECT run_id AS id FROM margin_runs WHERE is_part IS NULL AND state <> 'FAILED'
         ORDER BY started_at DESC, run_id DESC LIMIT 1`,
      );
      return row === undefined ? null : this.findById(tx, row.id);
    });
  }

  /** One page, newest start first. */
  async findPage(scope: TenantScope, request: PageRequest): Promise<Page<MarginRun>> {
    const first = checkPageSize(request.first);
    const cursors = new KeysetCursors({ list: 'marginRuns', firmId: scope.firmId });
    const after =
      request.after == null ? [null, null] : cursors.decode(request.after, [keyParts.instant, keyParts.uuid]);
    return this.database.withTenant(scope, async (tx) => {
      const rows = await tx.rows<{ id: string; started_at: Date }>(
        `SELECT run_id AS id, started_at FROM margin_runs
         WHERE $1::timestamptz IS NULL OR (started_at, run_id) < ($1, $2::uuid)
         ORDER BY started_at DESC, run_id DESC LIMIT ${first + 1}`,
        after,
      );
      const runs = await readRuns(
        tx,
        rows.map((row) => row.id),
      );
      return cursors.toPage(rows, first, (row) => ({
        node: runs.get(row.id) as MarginRun,
        key: [row.started_at.toISOString(), row.id],
      }));
    });
  }

  async count(scope: TenantScope): Promise<number> {
    return this.database.withTenant(scope, (tx) => tx.manager.count(MarginRunEntity));
  }

  /** Called by Nest before the connections close. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.locks.close();
  }
}

async function completeRun(tx: TenantTransaction, runId: string, write: WriteResults): Promise<MarginRun> {
  const [head] = await tx.rows<{ as_of: Date; engine_version: string; snapshot_hash: Buffer; account_count: number }>(
    `SELECT r.as_of, r.engine_version, r.account_count, s.content_hash AS snapshot_hash
     FROM margin_runs r JOIN market_snapshots s ON s.firm_id = r.firm_id AND s.snapshot_id = r.snapshot_id
     WHERE r.run_id = $1`,
    [runId],
  );
  if (head === undefined) throw new PersistenceError('RUN_NOT_OPEN', 'the run does not exist');
  const owner = {
    runId,
    asOf: head.as_of.getTime() as Instant,
    engineVersion: head.engine_version,
    snapshotHash: head.snapshot_hash.toString('hex'),
  };
  const counts = { done: 0, indeterminate: 0, degraded: 0, held: 0 };
  const { resultHash } = await write({
    transaction: tx,
    write: async (results, explained = true, after) => {
      await insertResults(tx, [{ owner, results, explained }], after);
      const added = countResults(results);
      counts.done += added.done;
      counts.indeterminate += added.indeterminate;
      counts.degraded += added.degraded;
      counts.held += added.held;
    },
  });
  if (counts.done !== head.account_count) {
    const message = `the run covers ${head.account_count} accounts, but ${counts.done} results were written`;
    throw new PersistenceError('VALUE_REFUSED', message);
  }
  await tx.execute(
    `UPDATE margin_runs SET state = 'COMPLETED', accounts_done = $2, accounts_indeterminate = $3, result_hash = $4,
       accounts_degraded = $5, accounts_held = $6, finished_at = current_instant() WHERE run_id = $1`,
    [runId, counts.done, counts.indeterminate, Buffer.from(resultHash, 'hex'), counts.degraded, counts.held],
  );
  return (await readRuns(tx, [runId])).get(runId) as MarginRun;
}
