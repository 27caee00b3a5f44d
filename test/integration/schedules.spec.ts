import { formatInstant, type Instant, instantOf } from '@ballast/domain';
import {
  FirmControlsStore,
  FirmStore,
  HistoryChainStore,
  MarginCallStore,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  RestatedAccountStore,
} from '@ballast/persistence';
import {
  AdvanceMarginCalls,
  crontabOf,
  JobQueue,
  MaintainHistory,
  MarginCallTermsReader,
  type ScheduledWork,
  ScheduledRuns,
  Schedules,
  VerifyHistory,
} from '@ballast/use-cases';
import { closes, fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openRunEngine, type RunEngine } from '../support/run-engine';
import { until } from '../support/stream-desk';

let db: TestDatabase;
let engines: RunEngine[];
let scheduled: ScheduledRuns;
let runs: MarginRunStore;
let firmId: string;

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 12 });
  engines = [openRunEngine(db.database), openRunEngine(db.database)];
  firmId = (await fillFirm(db, 'ALPHA', 2, [])).firmId;
  runs = new MarginRunStore(db.database);
  scheduled = runsOf(engines[0] as RunEngine);
});
afterAll(async () => {
  for (const engine of engines ?? []) await engine.close();
  await db?.close();
});

function runsOf({ runMargin }: RunEngine): ScheduledRuns {
  const { database } = db;
  const [snapshots, controls] = [new MarketSnapshotStore(database), new FirmControlsStore(database)];
  return new ScheduledRuns(runMargin, runs, snapshots, controls, new RestatedAccountStore(database));
}

function openSchedules(runsBySchedule: ScheduledRuns = scheduled): Schedules {
  const { database } = db;
  const terms = new MarginCallTermsReader(new FirmControlsStore(database));
  const chains = new HistoryChainStore(database);
  return new Schedules(
    new FirmStore(database),
    runsBySchedule,
    new AdvanceMarginCalls(database, new MarginCallStore(database), terms),
    new MaintainHistory(database, new VerifyHistory(new FirmStore(database), chains, database)),
    chains,
  );
}

describe('workers that mind the clock', () => {
  it('put what fell into a stop into the queue once, however many they are, and say when it was due', async () => {
    const due = new Date(Date.now() - 30 * 60_000);
    due.setUTCSeconds(0, 0);
    const endOfDay = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
    const [first, second] = engines as [RunEngine, RunEngine];
    await first.queue.install();
    await withClient(db.jobsUrl, (client) =>
      client.query(
        `INSERT INTO graphile_worker._private_known_crontabs VALUES ('end-of-day', now() - interval '3 days', now() - interval '45 minutes')`,
      ),
    );
    const told: unknown[] = [];
    const work: ScheduledWork = {
      crontab: crontabOf({ endOfDay, intraday: false }),
      tasks: {
        'schedule:end-of-day': async (payload) => void told.push(payload),
        'schedule:maintain': async () => undefined,
        'schedule:calls': async () => undefined,
        'schedule:history-heads': async () => undefined,
      },
    };
    for (const { worker } of [first, second]) worker.start({ concurrency: 1, scheduled: work });
    await until(() => told.length > 0);
    const states = await first.queue.findSchedules();
    expect(states.find(({ name }) => name === 'end-of-day')?.lastDue).toBe(due.getTime());
    await Promise.all([first.worker.stop(), second.worker.stop()]);
    expect(told).toEqual([{ _cron: { ts: due.toISOString(), backfilled: true } }]);
    const { stdout, exitCode } = await runBallast(['schedules', '--json'], db.environment);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual(
      expect.objectContaining({ name: 'end-of-day', lastDue: due.toISOString(), waiting: 0, lastError: null }),
    );
  });
});

describe('scheduled runs', () => {
  it('evaluate the day as of its due time, once, and again when an attempt failed', async () => {
    const due = instantOf(closes[1] + 60_000);
    const first = await scheduled.endOfDay(firmId, due);
    expect(first).toMatchObject({ state: 'COMPLETED', asOf: due, accountCount: 2, requestedBy: 'schedule' });
    expect((await scheduled.endOfDay(firmId, due))?.id).toBe(first?.id);
    await openSchedules().execute('end-of-day', due, { intraday: false });
    expect(await runs.count({ firmId })).toBe(1);
    const later = instantOf(due + 60_000);
    const { snapshotId, positionsAt, knownAt, engineVersion, parameterSets, requestedBy } = first as MarginRun;
    const key = { idempotencyKey: `end of day ${formatInstant(later)} 1`, accountCount: 2 };
    const draft = { asOf: later, snapshotId, positionsAt, knownAt, engineVersion, parameterSets, requestedBy, ...key };
    const failed = await runs.open({ firmId }, draft);
    await runs.fail({ firmId }, failed.id, 'the process that worked on the run ended');
    const again = await scheduled.endOfDay(firmId, later);
    expect(again).toMatchObject({ state: 'COMPLETED', asOf: later });
    expect((await runs.findByIdempotencyKey({ firmId }, `end of day ${formatInstant(later)} 2`))?.id).toBe(again?.id);
  });

  it('pass over a firm without a market, and go by the cadence of each firm', async () => {
    const empty = (await new FirmStore(db.database).create({ code: 'EMPTY', name: 'EMPTY' })).id;
    expect(await scheduled.endOfDay(empty, closes[1])).toBeNull();
    expect(await scheduled.intraday(empty, closes[1])).toBeNull();
    const controls = { effectiveFrom: instantOf(closes[0]), controls: { cadenceMs: 3_600_000 }, recordedBy: 'test' };
    await new FirmControlsStore(db.database).add({ firmId }, controls);
    const last = (await runs.findLastWhole({ firmId }))?.startedAt as Instant;
    const after = (minutes: number) => scheduled.intraday(firmId, instantOf(last + 60_000 * minutes));
    expect(await after(59)).toBeNull();
    const run = await after(61);
    expect(run).toMatchObject({ state: 'COMPLETED', accountCount: 2 });
    expect(await scheduled.intraday(firmId, instantOf((run?.startedAt ?? 0) + 3_540_000))).toBeNull();
  });

  it('leave a run in shards to whoever has a place for them: the job that opened it ends', async () => {
    const big = (await fillFirm(db, 'BETA', 3, [])).firmId;
    const [, engine] = engines as [RunEngine, RunEngine];
    const start = engine.runMargin.start.bind(engine.runMargin);
    // Cut into shards although it is small.
    engine.runMargin.start = (command) => start({ ...command, shardSize: 1 });
    const others = runsOf(engine);
    const run = await others.endOfDay(big, closes[1]);
    expect(run).toMatchObject({ state: 'RUNNING', shardCount: 3 });
  });

  it('keep heads, calls and partitions in order for every firm, and tell which firm failed', async () => {
    const schedules = openSchedules();
    for (const name of ['calls', 'history-heads', 'maintain', 'intraday'] as const)
      await schedules.execute(name, instantOf(Date.now()), { intraday: true });
    const stopping = openRunEngine(db.database);
    await stopping.runMargin.onModuleDestroy();
    const failing = openSchedules(runsOf(stopping)).execute('end-of-day', closes[1], { intraday: false });
    await expect(failing).rejects.toThrow(/end-of-day failed for .*ALPHA: the service is shutting down/);
    await stopping.close();
  });
});

describe('a job queue', () => {
  it('knows no schedule before a worker minded one', async () => {
    const other = await openTestDatabase();
    const queue = new JobQueue(other.database);
    expect(await queue.findSchedules()).toEqual([]);
    await queue.beforeApplicationShutdown();
    await other.close();
  });
});
