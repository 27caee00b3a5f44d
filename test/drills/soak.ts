import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { putLoad } from '../bench/api-load';
import { readHeap, type ServiceProcess, startServiceProcess } from '../bench/service-process';
import { withClient } from '../support/postgres';
import { type Drill, type DrillOutcome, type DrillPlan, requireThat } from './drill';
import { openRunDesk, type RunDesk, type WorkerProcess } from './run-desk';
import { medianOf, requireSteady, type SoakSample } from './soak-sample';

/** How a soak goes on. */
interface Course {
  readonly samples: number;
  /** Load between two samples [s]. */
  readonly stepSeconds: number;
  /** Whether it is over before caches are full. */
  readonly isShort: boolean;
}

interface Soak {
  readonly desk: RunDesk;
  readonly service: ServiceProcess;
  readonly worker: WorkerProcess;
  readonly token: string;
  readonly done: { runs: number; writes: number; asked: number; failed: number; watched: number };
}

const usualMinutes = 15;
const stepSeconds = 15;
const connections = 8;
/** Part of the requests that the service answers at full speed. */
const share = 0.7;
/** Requests that may be refused as too busy, or be given up by their client: a shared machine stands still now and then. */
const failedShare = 0.01;
/** Subscriptions that are opened and left again between two samples. */
const watchers = 3;
const writesPerSecond = 2;
const megabyte = 2 ** 20;

/** A service and a worker under a load that does not change: nothing may grow but what is written to be kept. */
export const soak: Drill = {
  id: 'FD-20',
  title: 'a service and a worker under 70 % of what they can do',
  promise:
    'memory, open files, threads, connections, temporary tables, lag and the queue do not grow; the record grows with what is written; 99 of 100 requests are answered, every run has the same hash',
  run: async (plan) => {
    const course = courseOf(plan);
    const desk = await openRunDesk({ threads: plan.threads });
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-soak-'));
    let service: ServiceProcess | null = null;
    try {
      service = await startServiceProcess({
        ...desk.db.environment,
        DATA_DIR: dataDir,
        PORT: '0',
        POOL_MAX: '10',
        WORKER_CONCURRENCY: '0',
        RATE_LIMIT_PER_MINUTE: '1000000000',
      });
      const worker = await desk.startWorker();
      const principal = { subject: 'soak', firmId: desk.firmId, roles: ['risk', 'back-office'] as const };
      const token = await signLocalToken(openSigningKey(dataDir), principal, 24);
      const done = { runs: 0, writes: 0, asked: 0, failed: 0, watched: 0 };
      return await hold({ desk, service, worker, token, done }, course);
    } finally {
      service?.process.kill('SIGKILL');
      await desk.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

function courseOf({ intensity, minutes = usualMinutes }: DrillPlan): Course {
  if (intensity === 'quick') return { samples: 9, stepSeconds: 2, isShort: true };
  return { samples: Math.max(9, Math.round((minutes * 60) / stepSeconds)), stepSeconds, isShort: minutes < 5 };
}

async function hold(soak: Soak, { samples, stepSeconds: seconds, isShort }: Course): Promise<DrillOutcome> {
  const contestant = questionsOf(soak);
  await putLoad(contestant, { connections, seconds });
  const { perSecond } = await putLoad(contestant, { connections, seconds });
  const rate = Math.max(1, Math.round(perSecond * share));
  const under: { isOn: boolean } = { isOn: true };
  const beside = Promise.all([keepRunning(soak, under), keepWriting(soak, under)]);
  // What fails meanwhile is thrown when the load is over.
  beside.catch(() => undefined);
  const taken: SoakSample[] = [];
  try {
    for (let count = 0; count < samples; count += 1) {
      const watching = watch(soak);
      const load = await putLoad(contestant, { connections, seconds, rate });
      soak.done.asked += load.answered;
      soak.done.failed += load.failed;
      await watching.stop();
      const sample = await take(soak);
      taken.push(sample);
      if (process.env['DRILL_LOG'] !== undefined) process.stderr.write(`${JSON.stringify(sample)}\n`);
    }
  } finally {
    under.isOn = false;
  }
  await beside;
  const after = await settle(soak);
  const { asked, failed } = soak.done;
  requireThat(failed <= failedShare * asked, `${failed} of ${asked} requests failed`);
  requireSteady(taken, after, { isShort });
  return { figures: tell(soak, { taken, after, rate, seconds }) };
}

/** What is asked: an account with its scenarios, a page of the list, and what is computed again from the record. */
function questionsOf({ service, token }: Soak) {
  const account = `query Account($code: String!) { account(code: $code) { code requirement { asOf status initial { amount }
    maintenance { amount } buffer { amount } scenarios { index loss } } positions(first: 20) { edges { node { quantity } } } } }`;
  const detail = `query Detail($code: String!) { account(code: $code) { requirement { breakdown { label amount { amount } } } } }`;
  const list = `query List { accounts(first: 50) { edges { node { code requirement { status maintenance { amount } } } } } }`;
  const bodies = Array.from({ length: 60 }, (_, index) => {
    const code = `C${String(index + 1).padStart(7, '0')}`;
    const query = index % 10 === 9 ? detail : index % 5 === 4 ? list : account;
    return JSON.stringify({ query, variables: { code } });
  });
  return { name: 'soak', url: service.url, token, bodies, isUnique: true };
}

async function keepRunning({ desk, done }: Soak, under: { readonly isOn: boolean }): Promise<void> {
  while (under.isOn) {
    const run = await desk.openRun(10);
    await desk.requireSame(await desk.finish(run.id));
    done.runs += 1;
    await sleep(500);
  }
}

async function keepWriting({ service, token, done }: Soak, under: { readonly isOn: boolean }): Promise<void> {
  const query = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) { changed userErrors { code } } }`;
  for (let amount = 1; under.isOn;) {
    const accountCode = `C${String(1 + (amount % 60)).padStart(7, '0')}`;
    const input = { idempotencyKey: `soak-${amount}`, accountCode, currency: 'USD', amount: String(amount), reason: 'soak' }; // prettier-ignore
    const response = await fetch(`${service.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { input } }),
    });
    const text = await response.text();
    done.asked += 1;
    if (text.includes('"code":"UNAVAILABLE"')) {
      // Asked again under its key.
      done.failed += 1;
      continue;
    }
    requireThat(text.includes('"changed":true'), `a write was answered with ${text}`);
    done.writes += 1;
    amount += 1;
    await sleep(1_000 / writesPerSecond);
  }
}

/** Subscriptions that are opened now and left by `stop`. */
function watch({ service, token, done }: Soak): { readonly stop: () => Promise<void> } {
  const clients = Array.from({ length: watchers }, () => {
    const client = createClient({
      url: `${service.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: `Bearer ${token}` },
      retryAttempts: 0,
    });
    const query = 'subscription { bufferChanged { accountId runId at status } }';
    client.subscribe({ query }, { next: () => (done.watched += 1), error: () => undefined, complete: () => undefined });
    return client;
  });
  return {
    stop: async () => {
      for (const client of clients) await client.dispose();
    },
  };
}

/** Waits until what the load began is over. */
async function settle(soak: Soak): Promise<SoakSample> {
  for (let tries = 0; ; tries += 1) {
    await sleep(500);
    const sample = await take(soak);
    if ((sample.jobs === 0 && sample.stuckTransactions === 0) || tries === 20) return sample;
  }
}

async function take({ desk, service, worker, done }: Soak): Promise<SoakSample> {
  const page = await (await fetch(`${service.url}/metrics`)).text();
  const lag = Number(/^nodejs_eventloop_lag_p99_seconds (\S+)$/m.exec(page)?.[1]);
  const serviceHeapMb = (await readHeap(service)) / megabyte;
  const [own, others] = [stateOf(service.process.pid), stateOf(worker.process.pid)];
  return {
    serviceHeapMb,
    serviceMb: own.residentMb,
    workerMb: others.residentMb,
    serviceHandles: own.handles,
    workerHandles: others.handles,
    tasks: own.tasks + others.tasks,
    ...(await stateOfDatabase(desk)),
    runs: done.runs,
    writes: done.writes,
    lagMs: lag * 1_000,
  };
}

/** 0 where the system does not tell. */
function stateOf(pid = 0): { readonly residentMb: number; readonly handles: number; readonly tasks: number } {
  const folder = `/proc/${pid}`;
  if (!fs.existsSync(folder)) return { residentMb: 0, handles: 0, tasks: 0 };
  const status = fs.readFileSync(`${folder}/status`, 'utf8');
  const residentMb = Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1_024;
  const countIn = (name: string): number => fs.readdirSync(`${folder}/${name}`).length;
  return { residentMb, handles: countIn('fd'), tasks: countIn('task') };
}

type DatabaseState = Pick<
  SoakSample,
  'connections' | 'stuckTransactions' | 'jobs' | 'temporaryTables' | 'queueMb' | 'databaseMb' | 'logMb'
>;

async function stateOfDatabase({ db }: RunDesk): Promise<DatabaseState> {
  const sql = `SELECT count(*)::float8 AS "connections",
      count(*) FILTER (WHERE state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '5 s')::float8 AS "stuckTransactions",
      (SELECT count(*) FROM graphile_worker._private_jobs)::float8 AS "jobs",
      (SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relkind = 'r')::float8 AS "temporaryTables",
      pg_total_relation_size('graphile_worker._private_jobs') / 1048576.0::float8 AS "queueMb",
      pg_database_size(current_database()) / 1048576.0::float8 AS "databaseMb",
      (SELECT sum(size) FROM pg_ls_waldir())::float8 / 1048576 AS "logMb"
    FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'ballast%'`;
  return withClient(db.superuserUrl, async (client) => (await client.query(sql)).rows[0] as DatabaseState);
}

function tell(
  { done }: Soak,
  held: {
    readonly taken: readonly SoakSample[];
    readonly after: SoakSample;
    readonly rate: number;
    readonly seconds: number;
  },
): string {
  const { taken, after, rate, seconds } = held;
  const third = Math.floor(taken.length / 3);
  const change = (key: keyof SoakSample, digits = 0): string =>
    `${medianOf(taken.slice(third, -third), key).toFixed(digits)} → ${medianOf(taken.slice(-third), key).toFixed(digits)}`;
  const [first = after] = taken;
  const perRun = ((after.databaseMb - first.databaseMb) / Math.max(1, after.runs - first.runs)).toFixed(2);
  return [
    `${((taken.length * seconds) / 60).toFixed(1)} min, ${done.asked} requests (${rate}/s), ${done.writes} writes, ${done.runs} runs, ${done.failed} requests failed; medians of the middle → last third`,
    `heap of the service after a full collection ${change('serviceHeapMb', 1)} MB`,
    `resident ${change('serviceMb')} and ${change('workerMb')} MB`,
    `open files ${change('serviceHandles')} and ${change('workerHandles')}`,
    `threads ${change('tasks')}, connections ${change('connections')}, temporary tables ${change('temporaryTables')}`,
    `lag p99 ${change('lagMs')} ms`,
    `queue ${change('queueMb', 1)} MB, log at most ${Math.max(...taken.map(({ logMb }) => logMb)).toFixed(0)} MB, record ${perRun} MB per run`,
    `${after.jobs} jobs left`,
  ].join('; ');
}
