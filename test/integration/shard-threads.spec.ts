// Runs in threads: the bits of a run in one, whatever their number, and an end for every thread that meets its own.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type CommonSpanColumns, type CommonSpanRoom, createCommonSpanColumns } from '@ballast/margin';
import { InstrumentStore } from '@ballast/persistence';
import { type ColumnSource, openShardRunner, RunWorker, ShardThreads, type WorkerSettings } from '@ballast/use-cases';
import { builtFile } from '../drills/drill';
import { openRunDesk, type RunDesk } from '../drills/run-desk';
import { planDeaths } from '../support/dying-thread';
import { withClient } from '../support/postgres';

let desk: RunDesk;
let marks: string;
const opened: RunWorker[] = [];

beforeAll(async () => {
  desk = await openRunDesk({ book: { accounts: 60, positionsPerAccount: 8, contracts: 500 } });
  marks = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-threads-'));
}, 60_000);

afterEach(async () => {
  for (const worker of opened.splice(0)) await worker.stop();
});

afterAll(async () => {
  await desk?.close();
  fs.rmSync(marks, { recursive: true, force: true });
});

/** A worker of this process whose shards are worked on in threads. */
function startThreads(
  settings: Omit<WorkerSettings, 'concurrency'>,
  file = builtFile('libs/use-cases/src/threads/shard-thread.js'),
) {
  const threads = new ShardThreads(desk.db.database, { file });
  const worker = new RunWorker(desk.engine.queue, desk.engine.runner, threads);
  opened.push(worker);
  worker.start({ concurrency: 1, ...settings });
  return { threads, worker };
}

interface FailedTry {
  readonly shard: number;
  readonly attempts: number;
  readonly error: string;
}

const failedTry = `split_part(key, '/', 2)::integer AS shard, attempts, last_error AS error`;

function failedTries(runId: string): Promise<FailedTry[]> {
  const sql = `SELECT ${failedTry} FROM graphile_worker._private_jobs WHERE key LIKE $1 AND last_error IS NOT NULL`;
  return rowsOf(sql, [`${runId}/%`]);
}

/** Does not wait, as the queue would, and tells what failed. */
function tryAgainAtOnce(runId: string): Promise<FailedTry[]> {
  const sql = `UPDATE graphile_worker._private_jobs SET run_at = now()
    WHERE key LIKE $1 AND last_error IS NOT NULL AND locked_at IS NULL AND attempts < max_attempts RETURNING ${failedTry}`;
  return rowsOf(sql, [`${runId}/%`]);
}

async function rowsOf<Row>(sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  return withClient(desk.db.jobsUrl, async (client) => (await client.query(sql, [...parameters])).rows as Row[]);
}

/** Works on a run shard by shard, in turns of two threads as one process sees them, and tells what they were told. */
async function workInTurns(room: Partial<CommonSpanRoom>, amid: () => Promise<unknown> = () => Promise.resolve()) {
  const run = await desk.openRun(10);
  await rowsOf('DELETE FROM graphile_worker._private_jobs WHERE key LIKE $1', [`${run.id}/%`]);
  const columns = new Map<string, CommonSpanColumns>();
  const told: string[] = [];
  const source: ColumnSource = {
    give: ({ currency, room: wanted }) => {
      const found = columns.get(currency) ?? createCommonSpanColumns({ ...wanted, ...room });
      columns.set(currency, found);
      return Promise.resolve(found);
    },
    onFull: (runId, contracts) => told.push(`${runId} ${contracts > 0}`),
  };
  const runners = [openShardRunner(desk.db.database, source), openShardRunner(desk.db.database, source)];
  for (let shard = 1; shard <= (run.shardCount ?? 0); shard += 1) {
    if (shard === 3) await amid();
    await runners[shard % 2]?.execute({ firmId: desk.firmId, runId: run.id, shard }, 'test');
  }
  await runners[0]?.closeWhenDone({ firmId: desk.firmId, runId: run.id });
  await desk.requireSame(await desk.findRun(run.id));
  return { run, told };
}

describe('columns that threads have in common', () => {
  it('are made large enough, and give the hash of the run where terms are stated again and contracts listed amid it', async () => {
    const instruments = new InstrumentStore(desk.db.database);
    const scope = { firmId: desk.firmId };
    const { told } = await workInTurns({}, async () => {
      const { items } = await instruments.findPage(scope, { first: 100 });
      const listed = items.map(({ node }) => ({ ...node, id: `${node.id}-LISTED-SINCE` }));
      const { inserted } = await instruments.upsertMany(scope, [...items.map(({ node }) => node), ...listed]);
      expect(inserted).toBe(listed.length);
    });
    expect(told).toEqual([]);
  });

  it('give the hash of the run where they have no room for all contracts, and every thread says so once', async () => {
    const { run, told } = await workInTurns({ contracts: 20 });
    expect(told).toEqual([`${run.id} true`, `${run.id} true`]);
  });
});

describe('a run in threads', () => {
  it('has the hash of the undisturbed run over 4 threads, none of it computed beside the queue', async () => {
    const before = desk.engine.runner.phases.totals().evaluate;
    const { threads, worker } = startThreads({ threads: 4 });
    await desk.requireSame(await desk.finish((await desk.openRun(1)).id));
    expect(threads.phases.totals().evaluate).toBeGreaterThan(0);
    expect(desk.engine.runner.phases.totals().evaluate).toBe(before);
    await worker.stop();
  }, 60_000);

  it('has it over 2 threads of 2 processes, one of which gives its shards back on SIGTERM', async () => {
    const leaving = await desk.startWorker({ WORKER_THREADS: '2', WORKER_SILENCE_SECONDS: '15' });
    const run = await desk.openRun(2);
    await leaving.delivered(3);
    startThreads({ threads: 2 });
    await leaving.delivered(5);
    leaving.process.kill('SIGTERM');
    expect(await leaving.ended).toBe(0);
    await desk.requireSame(await desk.finish(run.id));
  }, 60_000);

  it('loses nothing when threads die, and counts every death as one try', async () => {
    const file = planDeaths(marks, { 2: 'throws', 4: 'stands still', 5: 'leaves' });
    const run = await desk.openRun(10);
    startThreads({ threads: 2, silenceSeconds: 2 }, file);
    const seen = new Map<number, FailedTry>();
    while (seen.size < 3) {
      for (const failed of await tryAgainAtOnce(run.id)) seen.set(failed.shard, failed);
      await sleep(50);
    }
    const deaths = {
      2: /died: .*nobody catches this/,
      4: /stood still for 2 s/,
      5: /the thread that worked on it ended/,
    };
    for (const [shard, death] of Object.entries(deaths)) {
      expect(seen.get(Number(shard))?.error).toMatch(death);
      expect(seen.get(Number(shard))?.attempts).toBeGreaterThanOrEqual(1);
    }
    await desk.requireSame(await desk.finish(run.id));
  }, 60_000);

  // V8 ends such a thread, but now and then the whole process with it: hence a process of its own.
  it('loses nothing when a thread fills its memory', async () => {
    const file = planDeaths(marks, { 3: 'fills its memory' });
    const threads = { WORKER_THREADS: '2', WORKER_THREAD_MEMORY: '128', WORKER_SILENCE_SECONDS: '30' };
    const filling = await desk.startWorker({ ...threads, NODE_OPTIONS: `--require ${file}` });
    const run = await desk.openRun(10);
    let end: string | undefined;
    void filling.ended.then(() => (end = 'the process ended with it'));
    while (end === undefined) {
      end = (await failedTries(run.id)).find(({ shard }) => shard === 3)?.error;
      await sleep(50);
    }
    expect(end).toMatch(/died: .*memory|the process ended/);
    startThreads({ threads: 1, silenceSeconds: 2 });
    await desk.requireSame(await desk.finish(run.id));
  }, 60_000);
});
