/**
 * The batch benchmark: a run over generated books, from Postgres to Postgres, shared by this process and one worker, with the
 * time of each phase, and beside it what the machine can do at most: a raw COPY of the rows that the run wrote.
 *
 *   node dist/test/bench/batch.bench.js [accounts] [contracts]      default 100000 50000
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Database, EmbeddedPostgres, type MarginRun, persistenceOptionsFromEnv } from '@ballast/persistence';
import { batchAsOf, type BatchBook, fillBatchFirm } from '../support/batch-book';
import { withClient } from '../support/postgres';
import { openRunEngine } from '../support/run-engine';
import { type DenseScanFigures, measureDenseScan } from './dense-scan';
import { describeMachine } from './machine';

/** What one run took. */
export interface BatchFigures {
  readonly run: MarginRun;
  readonly seconds: number;
  /** Time of this process by phase [s]; the shards it worked on side by side overlap. */
  readonly phases: Readonly<Record<string, number>>;
  readonly writtenBytes: number;
  readonly rawCopySeconds: number;
  /** Time that this process, its workers and the server computed during the run [s]; what a busy machine leaves as it is. */
  readonly processorSeconds: { readonly engine: number; readonly server: number };
  readonly scan: DenseScanFigures;
  /** Largest resident memory of this process and its worker together [MiB]. */
  readonly memory: number;
}

/** Fills a new database of its own, durable as in production, and runs over it. */
export async function runBatch(book: BatchBook, workers: number): Promise<BatchFigures> {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-batch-'));
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedPostgres.acquire({ dataDir });
  const environment = { DATA_DIR: dataDir, POOL_MAX: '4', STATEMENT_TIMEOUT_MS: '600000' };
  const database = new Database(() => persistenceOptionsFromEnv(environment));
  const engine = openRunEngine(database);
  const superuserUrl = server.urlOf('superuser', 'ballast');
  const children: Worker[] = [];
  try {
    await database.connect();
    const { firmId } = await fillBatchFirm(database, superuserUrl, book);
    await engine.queue.install();
    for (let index = 1; index < workers; index += 1) children.push(await startWorker(environment));
    const processes = [process.pid, ...children.map(({ pid }) => pid)];
    const before = processes.map(processorTime);
    const serverBefore = serverTime(dataDir);
    const started = performance.now();
    const run = await engine.runMargin.execute({
      firmId,
      asOf: batchAsOf,
      requestedBy: 'bench',
      shardSize: Math.min(1_000, Math.ceil(book.accounts / 20)),
    });
    const seconds = (performance.now() - started) / 1_000;
    const processorSeconds = {
      engine: processes.reduce((sum, pid, index) => sum + processorTime(pid) - (before[index] as number), 0),
      server: serverTime(dataDir) - serverBefore,
    };
    const memory = processes.reduce((sum, pid) => sum + peakMemory(pid), 0);
    const phases = Object.fromEntries(
      Object.entries(engine.runner.phases.totals()).map(([phase, milliseconds]) => [phase, milliseconds / 1_000]),
    );
    const raw = await rawCopy(superuserUrl, run.id, dataDir);
    return { run, seconds, phases, ...raw, processorSeconds, scan: measureDenseScan(book), memory };
  } finally {
    for (const child of children) await child.stop();
    await engine.close();
    await database.close();
    await server.release();
    fs.rmSync(fs.realpathSync(path.join(dataDir, 'postgres')), { recursive: true, force: true });
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

interface Worker {
  readonly pid: number;
  readonly stop: () => Promise<void>;
}

async function startWorker(environment: Readonly<Record<string, string>>): Promise<Worker> {
  const entry = path.resolve(__dirname, '../../apps/worker/src/main.js');
  const child = spawn(process.execPath, [entry], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => createInterface({ input: child.stdout }).once('line', () => resolve()));
  return {
    pid: child.pid as number,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Time a process computed so far [s], with that of its ended children; 0 where the system does not tell. */
function processorTime(pid: number | string): number {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return 0;
  const fields = fs.readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ').slice(11, 15) ?? [];
  return fields.reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** The same of the server of a data directory: its postmaster, and the processes that it started. */
function serverTime(dataDir: string): number {
  if (!fs.existsSync('/proc/self/stat')) return 0;
  const postmaster = fs.readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const isOfServer = (pid: string): boolean =>
    fs.existsSync(`/proc/${pid}/stat`) &&
    fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] === postmaster;
  const children = fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfServer(name));
  return [postmaster, ...children].reduce((sum, pid) => sum + processorTime(pid), 0);
}

/** Largest resident set of a process [MiB]; 0 where the system does not tell. */
function peakMemory(pid: number): number {
  const file = `/proc/${pid}/status`;
  if (!fs.existsSync(file)) return 0;
  return Number(/VmHWM:\s+(\d+) kB/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 0) / 1_024;
}

/** Writes what the run wrote once more, without keys, checks or hashes: what the server can take at most. */
async function rawCopy(
  superuserUrl: string,
  runId: string,
  folder: string,
): Promise<{ readonly writtenBytes: number; readonly rawCopySeconds: number }> {
  return withClient(superuserUrl, async (client) => {
    const serverFolder = fs.realpathSync(path.join(folder, 'postgres'));
    const files = ['requirements', 'buffer_observations'].map((table) => ({
      table,
      file: path.join(serverFolder, `${table}.copy`),
    }));
    for (const { table, file } of files) {
      await client.query(`COPY (SELECT * FROM ${table} WHERE run_id = '${runId}') TO '${file}'`);
      await client.query(`CREATE TABLE raw_${table} (LIKE ${table})`);
    }
    const writtenBytes = files.reduce((sum, { file }) => sum + fs.statSync(file).size, 0);
    const started = performance.now();
    for (const { table, file } of files) await client.query(`COPY raw_${table} FROM '${file}'`);
    return { writtenBytes, rawCopySeconds: (performance.now() - started) / 1_000 };
  });
}

/** The figures as a table. */
export function describeBatch(book: BatchBook, figures: BatchFigures): string {
  const { run, seconds, phases, writtenBytes, rawCopySeconds, processorSeconds, scan, memory } = figures;
  const positions = book.accounts * book.positionsPerAccount;
  const inPhases = Object.values(phases).reduce((sum, value) => sum + value, 0);
  const rows = [
    [`${run.state}, ${run.accountsDone} accounts, ${run.accountsIndeterminate} indeterminate`, run.resultHash ?? ''],
    [
      'end to end',
      `${seconds.toFixed(1)} s, ${perSecond(book.accounts, seconds)} accounts/s, ${perSecond(positions, seconds)} positions/s`,
    ],
    ...Object.entries(phases).map(([phase, value]) => [
      `  ${phase}`,
      `${value.toFixed(1)} s, ${((100 * value) / inPhases).toFixed(0)} % of this process's phases`,
    ]),
    [
      'written',
      `${(writtenBytes / 2 ** 20).toFixed(0)} MiB, ${(writtenBytes / book.accounts).toFixed(0)} bytes per account`,
    ],
    [
      'raw COPY of the same rows',
      `${rawCopySeconds.toFixed(1)} s: the run takes ${(seconds / rawCopySeconds).toFixed(1)} × as long`,
    ],
    [
      'processor time',
      `${processorSeconds.engine.toFixed(1)} s engine + ${processorSeconds.server.toFixed(1)} s server, ${((1e6 * (processorSeconds.engine + processorSeconds.server)) / book.accounts).toFixed(0)} µs per account`,
    ],
    [
      'compute alone, one thread',
      `${perSecond(scan.positions, scan.scanningSeconds)} positions/s netted and scanned, ${perSecond(scan.positions, scan.scanningSeconds + scan.valuingSeconds)} with ${scan.valuingSeconds.toFixed(1)} s for the risk arrays of all contracts`,
    ],
    [
      '  of the memory bandwidth',
      `${((100 * scan.gatheredBytes) / scan.scanningSeconds / scan.bandwidth).toFixed(0)} % of ${(scan.bandwidth / 2 ** 30).toFixed(1)} GiB/s`,
    ],
    ['memory, both processes', `${memory.toFixed(0)} MiB at most`],
  ];
  return rows.map(([name, value]) => `${(name ?? '').padEnd(42)} ${value}`).join('\n');
}

function perSecond(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString('en-US');
}

async function main([accounts = '100000', contracts = '50000']: readonly string[]): Promise<void> {
  const book = { accounts: Number(accounts), positionsPerAccount: 20, contracts: Number(contracts) };
  process.stdout.write(`${describeMachine()}\n${JSON.stringify(book)}\n`);
  process.stdout.write(`${describeBatch(book, await runBatch(book, Number(process.argv[4] ?? 2)))}\n`);
}

if (require.main === module) {
  main(process.argv.slice(2)).catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`);
    process.exitCode = 1;
  });
}
