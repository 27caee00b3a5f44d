import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MarginRun } from '@ballast/persistence';
import { Client } from 'pg';
import { planDeaths } from '../support/dying-thread';
import { withClient } from '../support/postgres';
import { type Drill, type Intensity, longest, requireThat } from './drill';
import { openRunDesk, type RunDesk, type WorkerProcess } from './run-desk';

const shardSize = 2;
/** The longest that shards of a dead worker may stay locked [ms]; its silence and the time between two looks are 18 s. */
const leaseLimitMs = 30_000;
/** The longest that a worker may take to end after SIGTERM [ms]; who runs processes for others kills them after 30 s. */
const endLimitMs = 25_000;
/** A worker says that it lives five times in the time after which it counts as dead. */
const betweenBeats = 1 / 5;

interface Lengths {
  readonly silenceSeconds: number;
  /** Whether a database goes on, or answers nothing more, under a worker that gets SIGTERM. */
  readonly answers: readonly boolean[];
  readonly deaths: Parameters<typeof planDeaths>[1];
}

/** Threads that die alone are held at length here, and in every test run by shard-threads.spec.ts. */
const lengthsOf: Readonly<Record<Intensity, Lengths>> = {
  full: {
    silenceSeconds: 15,
    answers: [true, false],
    deaths: { 2: 'throws', 11: 'leaves', 23: 'throws', 40: 'stands still' },
  },
  quick: { silenceSeconds: 3, answers: [false], deaths: {} },
};

/** A worker ends while every one of its threads has a shard in hand, or only a thread of it ends. */
export const threadEnds: Drill = {
  id: 'FD-02b',
  title: 'a worker with a shard in every thread: SIGKILL, SIGTERM, and threads that die alone',
  promise:
    'what a killed worker held is free when its silence is over and not before; SIGTERM leaves nothing locked; a dead thread takes no other with it; the same hash',
  run: async ({ intensity, threads }) => {
    const { silenceSeconds, answers, deaths } = lengthsOf[intensity];
    const desk = await openRunDesk({ threads });
    try {
      const { survivor, held: killed } = await killAtWork(desk, threads, silenceSeconds);
      const held = [killed, await stopAtWork({ desk, threads, answers, first: survivor })];
      // A worker with one thread works on shards beside the queue: whatever ends the thread ends the process.
      if (threads > 1 && Object.keys(deaths).length > 0) held.push(await loseThreads(desk, silenceSeconds, deaths));
      return { figures: held.join('; ') };
    } finally {
      await desk.close();
    }
  },
};

async function killAtWork(desk: RunDesk, threads: number, silenceSeconds: number) {
  const silence = { WORKER_SILENCE_SECONDS: String(silenceSeconds) };
  const worker = await desk.startWorker(silence);
  const { run, letGo } = await holdAtWork(desk, threads, worker);
  worker.process.kill('SIGKILL');
  await worker.ended;
  const killed = performance.now();
  await letGo();
  requireThat((await desk.inHand(worker)) === threads, 'a killed worker gave shards back');
  const survivor = await desk.startWorker(silence);
  while ((await desk.inHand(worker)) > 0) {
    requireThat(performance.now() - killed < leaseLimitMs, `still locked after ${leaseLimitMs / 1_000} s`);
    await sleep(50);
  }
  const locked = performance.now() - killed;
  const least = silenceSeconds * 1_000 * (1 - betweenBeats);
  requireThat(locked > least - 100, `a worker counted as dead ${longest([locked])} after it was killed`);
  await desk.requireSame(await desk.finish(run.id));
  const held = `killed with ${threads} shards in hand, free after ${longest([locked])} (silence ${silenceSeconds} s)`;
  return { survivor, held };
}

async function stopAtWork(input: {
  readonly desk: RunDesk;
  readonly threads: number;
  readonly answers: readonly boolean[];
  readonly first: WorkerProcess;
}): Promise<string> {
  const { desk, threads, answers, first } = input;
  const told: string[] = [];
  let worker = first;
  for (const isAnswered of answers) {
    const { run, letGo } = await holdAtWork(desk, threads, worker);
    worker.process.kill('SIGTERM');
    const stopped = performance.now();
    if (isAnswered) {
      await sleep(200);
      await letGo();
    }
    const code = await Promise.race([worker.ended, sleep(endLimitMs, 'nothing', { ref: false })]);
    const took = longest([performance.now() - stopped]);
    await letGo();
    requireThat(code === 0, `a worker ended with ${code} within ${endLimitMs / 1_000} s of SIGTERM`);
    requireThat((await desk.inHand(worker)) === 0, 'a worker that ended by itself left shards locked');
    const { accountsDone } = await desk.findRun(run.id);
    const finished = accountsDone >= threads * shardSize;
    requireThat(finished === isAnswered, `${accountsDone} accounts done by a worker that was stopped`);
    told.push(isAnswered ? `finished, ended in ${took}` : `given back in ${took} where the database stood still`);
    worker = await desk.startWorker();
    await desk.requireSame(await desk.finish(run.id));
  }
  await end(worker);
  return `SIGTERM with ${threads} in hand: ${told.join(', ')}`;
}

async function loseThreads(desk: RunDesk, silenceSeconds: number, deaths: Lengths['deaths']): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-deaths-'));
  try {
    const preload = planDeaths(folder, deaths);
    const worker = await desk.startWorker({
      NODE_OPTIONS: `--require ${preload}`,
      WORKER_SILENCE_SECONDS: String(silenceSeconds),
    });
    const run = await desk.openRun(shardSize);
    const failed = new Set<number>();
    let closed: MarginRun | null = null;
    while (closed === null) {
      for (const shard of await failedShards(desk, run.id)) failed.add(shard);
      await sleep(20);
      const now = await desk.findRun(run.id);
      if (now.state !== 'RUNNING') closed = now;
    }
    await desk.requireSame(closed);
    const planned = Object.keys(deaths).map(Number);
    requireThat(
      String([...failed].sort((a, b) => a - b)) === String(planned),
      `shards ${[...failed].join(', ')} failed`,
    );
    requireThat(worker.process.exitCode === null, 'a process ended with its thread');
    await end(worker);
    return `${planned.length} threads died alone, ${planned.length} shards tried again, the process worked on`;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** Opens a run whose results cannot be written until they are let go, and waits until every thread of a worker waits for that. */
async function holdAtWork(desk: RunDesk, threads: number, worker: WorkerProcess) {
  const locker = new Client({ connectionString: desk.db.superuserUrl });
  await locker.connect();
  await locker.query('BEGIN; LOCK TABLE requirements IN SHARE MODE');
  const run = await desk.openRun(shardSize);
  while ((await desk.inHand(worker)) < threads || (await countWaiting(desk)) < threads) await sleep(20);
  let isHeld = true;
  const letGo = async (): Promise<void> => {
    if (isHeld) await locker.end();
    isHeld = false;
  };
  return { run, letGo };
}

async function countWaiting({ db }: RunDesk): Promise<number> {
  const sql = `SELECT count(*)::integer AS n FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`;
  return withClient(db.superuserUrl, async (client) => {
    return (await client.query<{ n: number }>(sql, [db.name])).rows[0]?.n ?? 0;
  });
}

async function failedShards({ db }: RunDesk, runId: string): Promise<readonly number[]> {
  const sql = `SELECT split_part(key, '/', 2)::integer AS shard FROM graphile_worker._private_jobs
    WHERE key LIKE $1 AND last_error IS NOT NULL`;
  const { rows } = await withClient(db.jobsUrl, (client) => client.query<{ shard: number }>(sql, [`${runId}/%`]));
  return rows.map(({ shard }) => shard);
}

async function end({ process, ended }: WorkerProcess): Promise<void> {
  process.kill('SIGTERM');
  requireThat((await ended) === 0, 'a worker did not end by itself after SIGTERM');
}
