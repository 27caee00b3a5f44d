import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { type MarginRun, MarginRunStore } from '@ballast/persistence';
import { batchAsOf, fillBatchFirm } from '../support/batch-book';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openRunEngine, type RunEngine } from '../support/run-engine';
import { builtFile, requireThat } from './drill';

/** A firm with a book, a run over it that nobody disturbed, and workers in processes of their own. */
export interface RunDesk {
  readonly db: TestDatabase;
  readonly engine: RunEngine;
  readonly firmId: string;
  /** The undisturbed run. */
  readonly calm: MarginRun;
  /** Opens the same run again, in shards that only workers of other processes take. */
  readonly openRun: (shardSize: number, overrides?: { readonly engineVersion?: string }) => Promise<MarginRun>;
  readonly findRun: (runId: string) => Promise<MarginRun>;
  /** Starts a worker and waits until it takes jobs; `enter` are words before its command. */
  readonly startWorker: (
    environment?: Readonly<Record<string, string>>,
    enter?: readonly string[],
  ) => Promise<WorkerProcess>;
  /** Shards that a worker has locked, which it keeps when it is killed. */
  readonly inHand: (worker: WorkerProcess) => Promise<number>;
  /** Waits until a run is over. */
  readonly finish: (runId: string) => Promise<MarginRun>;
  /** Requires that a run has the bits of the undisturbed one, each account once. */
  readonly requireSame: (run: MarginRun) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WorkerProcess {
  readonly process: ChildProcess;
  /** Resolves with the exit code when the process is gone; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  /** Resolves when the worker was handed so many shards in its life. */
  readonly delivered: (count: number) => Promise<void>;
}

export interface DeskSettings {
  readonly book?: typeof deskBook;
  readonly threads?: number;
}

export const deskBook = { accounts: 120, positionsPerAccount: 10, contracts: 500 };

/** @param settings.threads  of each worker that is started */
export async function openRunDesk({ book = deskBook, threads = 1 }: DeskSettings = {}): Promise<RunDesk> {
  const db = await openTestDatabase();
  const engine = openRunEngine(db.database);
  const { firmId } = await fillBatchFirm(db.database, db.superuserUrl, book);
  const calm = await engine.runMargin.execute({ firmId, asOf: batchAsOf, requestedBy: 'drill' });
  requireThat(calm.state === 'COMPLETED', `the undisturbed run is ${calm.state}`);
  await engine.queue.install();
  const runs = new MarginRunStore(db.database);
  const children = new Set<WorkerProcess>();
  const findRun = async (id: string): Promise<MarginRun> => (await runs.findById({ firmId }, id)) as MarginRun;
  return {
    db,
    engine,
    firmId,
    calm,
    findRun,
    openRun: async (shardSize, overrides = {}) => {
      const { snapshotId, positionsAt, knownAt, engineVersion, parameterSets, accountCount } = calm;
      const draft = { asOf: batchAsOf, snapshotId, positionsAt, knownAt, engineVersion, parameterSets };
      const requestedBy = 'drill';
      return engine.shards.open({ firmId }, { ...draft, ...overrides, requestedBy, accountCount, shardSize });
    },
    startWorker: async (environment = {}, enter = []) => {
      const worker = await startWorker({ ...db.environment, ...threadSettings(threads), ...environment }, enter);
      children.add(worker);
      void worker.ended.then(() => children.delete(worker));
      return worker;
    },
    inHand: ({ process: { pid } }) => countLocked(db, pid ?? 0),
    finish: async (runId) => {
      for (let run = await findRun(runId); ; run = await findRun(runId)) {
        if (run.state !== 'RUNNING') return run;
        await sleep(20);
      }
    },
    requireSame: (run) => requireSame(db, calm, run),
    close: async () => {
      for (const { process } of children) process.kill('SIGKILL');
      await Promise.all([...children].map(({ ended }) => ended));
      await engine.close();
      await db.close();
    },
  };
}

/** A thread counts as dead, as a worker does, when it is silent; on a busy machine a second of silence says nothing of it. */
function threadSettings(threads: number): Readonly<Record<string, string>> {
  return { WORKER_THREADS: String(threads), WORKER_SILENCE_SECONDS: threads === 1 ? '1' : '3' };
}

async function startWorker(
  environment: Readonly<Record<string, string>>,
  enter: readonly string[],
): Promise<WorkerProcess> {
  const [command = '', ...words] = [...enter, process.execPath, builtFile('test/support/telling-worker.js')];
  const child = spawn(command, words, {
    env: {
      ...process.env,
      WORKER_CONCURRENCY: '1',
      POOL_MAX: '3',
      ...environment,
    },
    stdio: ['ignore', 'pipe', process.env['DRILL_LOG'] === undefined ? 'ignore' : 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const deliveries = { count: 0, waiting: new Map<number, () => void>() };
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('READY')) resolve();
      if (line.startsWith('DELIVERY')) deliveries.waiting.get((deliveries.count += 1))?.();
    });
    void ended.then((code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
  });
  const delivered = (count: number): Promise<void> =>
    deliveries.count >= count ? Promise.resolve() : new Promise((resolve) => deliveries.waiting.set(count, resolve));
  return { process: child, ended, delivered };
}

async function countLocked({ jobsUrl }: TestDatabase, pid: number): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM graphile_worker._private_jobs
    JOIN ballast_jobs.heartbeats ON worker_id = locked_by WHERE process LIKE $1`;
  return withClient(jobsUrl, async (client) => (await client.query<{ n: number }>(sql, [`${pid}-%`])).rows[0]?.n ?? 0);
}

/** What a run writes once per account. */
const writtenOnce = ['requirements', 'observed_buffers'];

async function requireSame(db: TestDatabase, calm: MarginRun, run: MarginRun): Promise<void> {
  requireThat(run.state === 'COMPLETED', `the run is ${run.state}: ${run.failureReason}`);
  requireThat(run.resultHash === calm.resultHash, `hash ${run.resultHash} instead of ${calm.resultHash}`);
  requireThat(run.accountsDone === calm.accountsDone, `${run.accountsDone} accounts instead of ${calm.accountsDone}`);
  await withClient(db.superuserUrl, async (client) => {
    for (const table of writtenOnce) {
      const sql = `SELECT count(*)::integer AS rows, count(DISTINCT account_id)::integer AS accounts FROM ${table} WHERE run_id = $1`;
      const { rows } = await client.query<{ rows: number; accounts: number }>(sql, [run.id]);
      const expected = { rows: calm.accountCount, accounts: calm.accountCount };
      requireThat(JSON.stringify(rows[0]) === JSON.stringify(expected), `${table} holds ${JSON.stringify(rows[0])}`);
    }
    const ends = `SELECT count(*)::integer AS n FROM margin_run_shard_ends WHERE run_id = $1 AND outcome = 'DONE'`;
    const { rows } = await client.query<{ n: number }>(ends, [run.id]);
    requireThat(rows[0]?.n === run.shardCount, `${rows[0]?.n} shard ends for ${run.shardCount} shards`);
  });
}
