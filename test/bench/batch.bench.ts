/**
 * The batch benchmark: a run over generated books, from Postgres to Postgres, shared by the threads of this process and of its
 * workers, with the time of each phase, and beside it what the machine can do at most: a raw COPY of the rows that the run wrote, and the speed
 * at which memory is read. Then the price of one underlying moves, and its holders are evaluated again.
 *
 *   npm run bench:batch -- [--accounts 100000] [--contracts 50000] [--workers 1] [--threads 2] [--ticks 5] [--holders 10000] [--data-dir DIR]
 *
 * With --data-dir the database stays: called again, filling is left out, and a run that was interrupted goes on.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  Database,
  EmbeddedPostgres,
  FirmStore,
  InstrumentStore,
  type MarginRun,
  MarginRunStore,
  MarketDifferenceStore,
  MarketSnapshotStore,
  persistenceOptionsFromEnv,
} from '@ballast/persistence';
import { instantOf } from '@ballast/domain';
import {
  batchAsOf,
  type BatchBook,
  batchSnapshot,
  contractOf,
  fillBatchFirm,
  firstUnderlying,
} from '../support/batch-book';
import { withClient } from '../support/postgres';
import { openRunEngine, type RunEngine } from '../support/run-engine';
import {
  type BenchProcess,
  peakMemory,
  processorTime,
  runScript,
  serverMemory,
  serverTime,
  startWorker,
} from './bench-processes';
import { type DenseScanFigures, measureDenseScan } from './dense-scan';
import { describeMachine } from './machine';

/** How a bench is done. */
export interface BatchSettings {
  /** Processes that work on the run, this one among them. */
  readonly workers: number;
  /** Threads of each that compute. */
  readonly threads: number;
  /** How often the price of the first underlying moves afterwards. */
  readonly ticks: number;
  /** Where the database is, and stays; a new one, thrown away, when absent. */
  readonly dataDir?: string;
  /** Fill the database in a process of its own, whose memory does not count; needs the built script. */
  readonly fillApart?: boolean;
}

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
  /** Largest resident memory of this process and its workers together, and memory of the server after the run [MiB]. */
  readonly memory: number;
  readonly serverMemory: number;
  /** From a moved price that is stored to buffers that are committed [s], in order of time, and how many accounts held it. */
  readonly ticks: readonly number[];
  readonly holders: number;
  /** Time of the moves after the first by phase [s], in order of time. */
  readonly tickPhases: readonly Readonly<Record<string, number>>[];
  /** Time that this process and the server computed per move after the first, on average [s]. */
  readonly tickProcessor: { readonly engine: number; readonly server: number };
  /** Time to store the moved market, before each tick [s]. */
  readonly storing: readonly number[];
}

const runKey = 'bench';
const followIntervalMs = 100;

/** Fills a database of its own, durable as in production, and runs over it. */
export async function runBatch(book: BatchBook, settings: BatchSettings): Promise<BatchFigures> {
  const dataDir = settings.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-batch-'));
  fs.mkdirSync(dataDir, { recursive: true });
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedPostgres.acquire({ dataDir });
  const environment = { ...environmentOf(dataDir), WORKER_THREADS: String(settings.threads) };
  if (settings.fillApart === true)
    await runScript(__filename, ['--fill', ...bookArguments(book), '--data-dir', dataDir]);
  else await fill(book, dataDir);
  const database = new Database(() => persistenceOptionsFromEnv(environment));
  const engine = openRunEngine(database);
  const children: BenchProcess[] = [];
  try {
    await database.connect();
    const firm = await new FirmStore(database).findByCode('BATCH');
    const firmId = firm?.id as string;
    await engine.queue.install();
    engine.worker.start({ concurrency: 2, threads: settings.threads, standing: true });
    await engine.worker.whenReady();
    for (let index = 1; index < settings.workers; index += 1) children.push(await startWorker(environment));
    const processes = [process.pid, ...children.map(({ pid }) => pid)];
    const before = processes.map(processorTime);
    const serverBefore = serverTime(dataDir);
    const started = performance.now();
    const run = await runOver(database, engine, { firmId, shardSize: Math.min(1_000, Math.ceil(book.accounts / 20)) });
    const seconds = (performance.now() - started) / 1_000;
    const processorSeconds = {
      engine: processes.reduce((sum, pid, index) => sum + processorTime(pid) - (before[index] as number), 0),
      server: serverTime(dataDir) - serverBefore,
    };
    const memory = processes.reduce((sum, pid) => sum + peakMemory(pid), 0);
    const { phases: spent } = settings.threads > 1 ? engine.threads : engine.runner;
    const phases = Object.fromEntries(
      Object.entries(spent.totals()).map(([phase, milliseconds]) => [phase, milliseconds / 1_000]),
    );
    const raw = await rawCopy(server.urlOf('superuser', 'ballast'), run, dataDir);
    const moved = await moveFirst(database, engine, { firmId, ticks: settings.ticks, dataDir });
    const figures = {
      run,
      seconds,
      phases,
      ...raw,
      processorSeconds,
      memory,
      serverMemory: serverMemory(dataDir),
      ...moved,
    };
    return { ...figures, scan: await measureDenseScan(book, settings.threads) };
  } finally {
    for (const child of children) await child.stop();
    await engine.close();
    await database.close();
    await server.release();
    if (settings.dataDir === undefined) {
      fs.rmSync(fs.realpathSync(path.join(dataDir, 'postgres')), { recursive: true, force: true });
      fs.rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

function environmentOf(dataDir: string): Readonly<Record<string, string>> {
  return { DATA_DIR: dataDir, POOL_MAX: '4', STATEMENT_TIMEOUT_MS: '600000' };
}

/** Fills the database unless that was done before. */
async function fill(book: BatchBook, dataDir: string): Promise<void> {
  const server = await EmbeddedPostgres.acquire({ dataDir });
  const database = new Database(() => persistenceOptionsFromEnv(environmentOf(dataDir)));
  try {
    await database.connect();
    const superuserUrl = server.urlOf('superuser', 'ballast');
    if ((await new FirmStore(database).findByCode('BATCH')) === null) await fillBatchFirm(database, superuserUrl, book);
  } finally {
    await database.close();
    await server.release();
  }
}

/** Opens the run, or goes on with the one that was opened before. */
async function runOver(
  database: Database,
  engine: RunEngine,
  { firmId, shardSize }: { readonly firmId: string; readonly shardSize: number },
): Promise<MarginRun> {
  const runs = new MarginRunStore(database);
  const command = { firmId, asOf: batchAsOf, requestedBy: 'bench', shardSize, idempotencyKey: runKey };
  for (let run = await engine.runMargin.execute(command); ;) {
    if (run.state !== 'RUNNING') return run;
    await sleep(followIntervalMs);
    run = (await runs.findById({ firmId }, run.id)) as MarginRun;
  }
}

/** Moves the price of the first underlying, time after time, and evaluates its holders. */
async function moveFirst(
  database: Database,
  engine: RunEngine,
  { firmId, ticks: count, dataDir }: { readonly firmId: string; readonly ticks: number; readonly dataDir: string },
): Promise<Pick<BatchFigures, 'ticks' | 'holders' | 'tickPhases' | 'storing' | 'tickProcessor'>> {
  const ticks: number[] = [];
  const storing: number[] = [];
  const tickPhases: Record<string, number>[] = [];
  let holders = 0;
  const spent = { engine: 0, server: 0 };
  if (count === 0) return { ticks, holders, tickPhases, storing, tickProcessor: spent };
  // The database may have been moved before: a market is stated once for one instant.
  const newest = await new MarketSnapshotStore(database).findLatest({ firmId });
  const last = Math.max(batchAsOf, newest?.asOf ?? 0);
  const contracts = await new InstrumentStore(database).findByUnderlying({ firmId }, firstUnderlying);
  const all = Array.from({ length: await countContracts(database, firmId) }, (_, index) => contractOf(index));
  const snapshots = new MarketSnapshotStore(database);
  const differences = new MarketDifferenceStore(database, snapshots);
  // A database that was made before may have its market in the first form; a followed one begins with one of its own.
  const opening = { snapshot: batchSnapshot(all, instantOf(last + 500)), source: 'bench', quality: 'OK' as const };
  let basedOn = (await snapshots.insert({ firmId }, opening)).header.id;
  for (let tick = 1; tick <= count; tick += 1) {
    const asOf = instantOf(last + tick * 1_000);
    const move = { underlying: firstUnderlying, factor: 1 + (tick % 2 === 0 ? 0.01 : -0.01) };
    const { underlyings, instruments } = batchSnapshot(contracts, asOf, move);
    const difference = { asOf, underlyings: [...underlyings.values()], quotes: [...instruments.values()] };
    const stated = performance.now();
    const { header } = await differences.insert(
      { firmId },
      { basedOn, difference: { ...difference, dropped: [], fx: null }, source: 'bench', quality: 'OK' },
    );
    basedOn = header.id;
    const started = performance.now();
    storing.push((started - stated) / 1_000);
    const before = engine.runMargin.movePhases.totals();
    const processorBefore = { engine: processorTime(process.pid), server: serverTime(dataDir) };
    const run = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'bench', underlyings: [firstUnderlying] });
    ticks.push((performance.now() - started) / 1_000);
    const after = Object.entries(engine.runMargin.movePhases.totals());
    const phases = after.map(([phase, sum]) => [phase, (sum - before[phase as keyof typeof before]) / 1_000]);
    if (tick > 1) {
      tickPhases.push(Object.fromEntries(phases) as Record<string, number>);
      spent.engine += processorTime(process.pid) - processorBefore.engine;
      spent.server += serverTime(dataDir) - processorBefore.server;
    }
    holders = run.accountsDone;
    if (run.state !== 'COMPLETED') throw new Error(`a tick over ${contracts.length} contracts ended ${run.state}`);
  }
  const each = (sum: number): number => sum / Math.max(1, count - 1);
  const tickProcessor = { engine: each(spent.engine), server: each(spent.server) };
  return { ticks, holders, tickPhases, storing, tickProcessor };
}

async function countContracts(database: Database, firmId: string): Promise<number> {
  return new InstrumentStore(database).count({ firmId }, {});
}

/** Writes what the run wrote once more, without keys, checks or hashes: what the server can take at most. */
async function rawCopy(
  superuserUrl: string,
  run: Pick<MarginRun, 'id' | 'asOf'>,
  folder: string,
): Promise<{ readonly writtenBytes: number; readonly rawCopySeconds: number }> {
  return withClient(superuserUrl, async (client) => {
    const serverFolder = fs.realpathSync(path.join(folder, 'postgres'));
    const files = ['requirements', 'latest_buffers'].map((table) => ({
      table,
      file: path.join(serverFolder, `${table}.copy`),
    }));
    for (const { table, file } of files) {
      await client.query(`COPY (SELECT * FROM ${table} WHERE run_id = '${run.id}') TO '${file}'`);
      await client.query(`CREATE TABLE raw_${table} (LIKE ${table})`);
    }
    const writtenBytes = files.reduce((sum, { file }) => sum + fs.statSync(file).size, 0);
    const started = performance.now();
    for (const { table, file } of files) await client.query(`COPY raw_${table} FROM '${file}'`);
    const rawCopySeconds = (performance.now() - started) / 1_000;
    // A database whose tables are not all protected would not be opened again.
    for (const { table, file } of files) {
      await client.query(`DROP TABLE raw_${table}`);
      fs.rmSync(file);
    }
    return { writtenBytes, rawCopySeconds };
  });
}

/** The figures as a table. */
export function describeBatch(book: BatchBook, figures: BatchFigures): string {
  const { run, seconds, phases, writtenBytes, rawCopySeconds, processorSeconds, scan, memory, ticks } = figures;
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
      `  ${scan.threads} threads`,
      `${perSecond(scan.positions, scan.sharedSeconds)} positions/s by the clock, the risk arrays of all contracts included, each valued once between them`,
    ],
    [
      '  of the memory bandwidth',
      `${((100 * scan.gatheredBytes) / scan.scanningSeconds / scan.bandwidth).toFixed(0)} % of ${(scan.bandwidth / 2 ** 30).toFixed(1)} GiB/s`,
    ],
    ['memory of the engine, all processes', `${memory.toFixed(0)} MiB at most`],
    ['memory of the server after the run', `${figures.serverMemory.toFixed(0)} MiB`],
    ...(ticks.length === 0 ? [] : [['one price moved, its holders committed', describeTicks(figures)] as const]),
  ];
  return rows.map(([name, value]) => `${(name ?? '').padEnd(42)} ${value}`).join('\n');
}

/** The first move reads what everybody holds, so it is told apart. */
function describeTicks({ ticks, holders, tickPhases, storing, tickProcessor }: BatchFigures): string {
  const [first = 0, ...later] = ticks;
  const shown = later.length === 0 ? ticks : later;
  const phases = ['prepare', 'load', 'evaluate', 'write'].map((phase) => {
    return `${phase} ${milliseconds(
      0.5,
      tickPhases.map((one) => one[phase] ?? 0),
    )}`;
  });
  return [
    `${holders} accounts: ${milliseconds(0.5, shown)} ms p50, ${milliseconds(0.99, shown)} ms p99, ${milliseconds(1, shown)} ms worst of ${shown.length}`,
    `the first ${milliseconds(1, [first])} ms; medians: ${phases.join(', ')} ms; processor time ${milliseconds(1, [tickProcessor.engine])} + ${milliseconds(1, [tickProcessor.server])} ms of the server; before each ${milliseconds(0.5, storing)} ms to store the market`,
  ].join('; ');
}

function milliseconds(share: number, seconds: readonly number[]): string {
  const sorted = [...seconds].sort((left, right) => left - right);
  return (1_000 * (sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0)).toFixed(0);
}

function bookArguments({ accounts, contracts, holders = 0 }: BatchBook): readonly string[] {
  return ['--accounts', String(accounts), '--contracts', String(contracts), '--holders', String(holders)];
}

function perSecond(count: number, seconds: number): string {
  return Math.round(count / seconds).toLocaleString('en-US');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      accounts: { type: 'string', default: '100000' },
      contracts: { type: 'string', default: '50000' },
      workers: { type: 'string', default: '1' },
      threads: { type: 'string', default: '2' },
      ticks: { type: 'string', default: '5' },
      holders: { type: 'string', default: '0' },
      'data-dir': { type: 'string' },
      fill: { type: 'boolean', default: false },
    },
  });
  const [accounts, contracts, holders] = [values.accounts, values.contracts, values.holders].map(Number) as [
    number,
    number,
    number,
  ];
  const book = { accounts, positionsPerAccount: 20, contracts, holders };
  const dataDir = values['data-dir'];
  if (values.fill) return fill(book, dataDir as string);
  process.stdout.write(`${describeMachine()}\n${JSON.stringify(book)}\n`);
  const [workers, threads, ticks] = [values.workers, values.threads, values.ticks].map(Number) as [
    number,
    number,
    number,
  ];
  const settings = { workers, threads, ticks, fillApart: true };
  const figures = await runBatch(book, dataDir === undefined ? settings : { ...settings, dataDir });
  process.stdout.write(`${describeBatch(book, figures)}\n`);
}

if (require.main === module) {
  main().catch((failure: unknown) => {
    process.stderr.write(`${failure instanceof Error ? failure.stack : String(failure)}\n`);
    process.exitCode = 1;
  });
}
