// Positions that change while workers mind the clock: the accounts they touch are evaluated, and no other.
import { Decimal, instantOf } from '@ballast/domain';
import {
  FirmControlsStore,
  FirmStore,
  HistoryChainStore,
  IdempotencyStore,
  MarginCallStore,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  PositionFileStore,
  PositionStore,
  RestatedAccountStore,
} from '@ballast/persistence';
import {
  AdvanceMarginCalls,
  MaintainHistory,
  MarginCallTermsReader,
  RecordPositions,
  ScheduledRuns,
  Schedules,
  VerifyHistory,
} from '@ballast/use-cases';
import { closes, fillFirm } from '../support/api-world';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openRunEngine, type RunEngine } from '../support/run-engine';
import { until } from '../support/stream-desk';

let db: TestDatabase;
let engine: RunEngine;
let scheduled: ScheduledRuns;
let runs: MarginRunStore;
let firmId: string;
let accounts: ReadonlyMap<string, string>;
let instrumentId: string;
let statements = 0;

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 12 });
  ({ firmId, accounts } = await fillFirm(db, 'ALPHA', 4, []));
  runs = new MarginRunStore(db.database);
  openEngine();
  const [first] = await rows<{ id: string }>('SELECT min(instrument_id) AS id FROM positions');
  instrumentId = first?.id ?? '';
});
afterAll(async () => {
  await engine?.close();
  await db?.close();
});

/** An engine whose worker has not begun. */
function openEngine(): void {
  const { database } = db;
  engine = openRunEngine(database);
  const [snapshots, controls] = [new MarketSnapshotStore(database), new FirmControlsStore(database)];
  scheduled = new ScheduledRuns(engine.runMargin, runs, snapshots, controls, new RestatedAccountStore(database));
}

function rows<Row extends object>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  return withClient(db.superuserUrl, async (client) => (await client.query<Row>(sql, [...parameters])).rows);
}

function state(accountCode: string, quantity: number, ofFirm = firmId): Promise<unknown> {
  const positions = [{ instrumentId, quantity: new Decimal(quantity) }];
  const idempotencyKey = `statement ${(statements += 1)}`;
  return new RecordPositions(new IdempotencyStore(db.database), new PositionFileStore()).execute(
    { subject: 'desk', firmId: ofFirm, roles: ['back-office'] },
    { idempotencyKey, accountCode, positions, mode: 'MERGE', now: instantOf(Date.now()) },
  );
}

/** What a run said about its accounts, in order of their codes. */
function resultsOf(run: MarginRun | null, codes: readonly string[] | null = null) {
  return rows<{ code: string }>(
    `SELECT a.code, b.equity, b.maintenance, b.initial, b.buffer FROM observed_buffers b JOIN accounts a USING (account_id)
     WHERE b.run_id = $1 AND ($2::text[] IS NULL OR a.code = ANY ($2)) ORDER BY a.code`,
    [run?.id, codes],
  );
}

function runOverAll(): Promise<MarginRun> {
  return engine.runMargin.execute({ firmId, requestedBy: 'test' });
}

function runOfThePast(): Promise<MarginRun> {
  return engine.runMargin.execute({ firmId, requestedBy: 'test', asOf: closes[1] });
}

/** The run once it is over. */
async function ended({ id }: MarginRun): Promise<MarginRun> {
  await until(async () => (await runs.findById({ firmId }, id))?.state !== 'RUNNING');
  return (await runs.findById({ firmId }, id)) as MarginRun;
}

describe('positions that change', () => {
  it('wait for the first run over the firm, and need nothing more when it saw them', async () => {
    await state('A-01', -3);
    expect(await scheduled.restated(firmId)).toBeNull();
    await runOverAll();
    expect(await scheduled.restated(firmId)).toBeNull();
  });

  it('have the accounts they touch evaluated once, however often they changed, as a run over all would', async () => {
    const before = await resultsOf(await runs.findLastWhole({ firmId }), ['A-02', 'A-03']);
    await state('A-02', -5);
    await state('A-02', -7);
    await state('A-03', -2);
    const run = await scheduled.restated(firmId);
    expect(run).toMatchObject({ state: 'COMPLETED', accountCount: 2, requestedBy: 'schedule', asOf: closes[2] });
    const results = await resultsOf(run);
    expect(results.map(({ code }) => code)).toEqual(['A-02', 'A-03']);
    expect(results).not.toEqual(before);
    expect(await scheduled.restated(firmId)).toBeNull();
    expect(await resultsOf(await runOverAll(), ['A-02', 'A-03'])).toEqual(results);
  });

  it('are not taken as seen by a run as of the past, by one over other accounts, or by one that ended before they did', async () => {
    await state('A-01', -4);
    await runOfThePast();
    const accountCodes = ['A-02'];
    await engine.runMargin.execute({ firmId, requestedBy: 'desk', accountCodes, idempotencyKey: 'restated positions' });
    expect((await resultsOf(await scheduled.restated(firmId))).map(({ code }) => code)).toEqual(['A-01']);
    const positions = [{ instrumentId, quantity: new Decimal(-1) }];
    const statement = {
      accountId: accounts.get('A-04') ?? '',
      mode: 'MERGE' as const,
      source: 'a long file',
      positions,
    };
    await db.database.withTenant({ firmId }, async (transaction) => {
      await new PositionStore(db.database).record(transaction, { ...statement, validFrom: instantOf(Date.now()) });
      await runOverAll();
      expect(await scheduled.restated(firmId)).toBeNull();
    });
    expect((await resultsOf(await scheduled.restated(firmId))).map(({ code }) => code)).toEqual(['A-04']);
    expect(await scheduled.restated(firmId)).toBeNull();
  });

  it('wait while such a run is under way, and are tried again when it failed', async () => {
    await state('A-03', -6);
    const { asOf, snapshotId, engineVersion, parameterSets, ...last } = await runOfThePast();
    const now = await runs.findSettledInstant({ firmId });
    const moment = { asOf, snapshotId, engineVersion, parameterSets, positionsAt: now, knownAt: now };
    const open = await runs.open({ firmId }, { ...moment, requestedBy: 'test', accountCount: last.accountCount });
    expect(await scheduled.restated(firmId)).toBeNull();
    await runs.fail({ firmId }, open.id, 'the process that worked on the run ended');
    expect(await scheduled.restated(firmId)).toMatchObject({ state: 'COMPLETED', accountCount: 1 });
  });

  it('of many accounts are evaluated in shards, with the figures of a run over all', async () => {
    await engine.queue.install();
    await state('A-01', -10);
    await state('A-03', -8);
    await state('A-04', -6);
    const opened = await scheduled.restated(firmId, { wholeMaximum: 2, shardSize: 2 });
    expect(opened).toMatchObject({ accountCount: 3, shardCount: 2, requestedBy: 'schedule' });
    const run = await ended(opened as MarginRun);
    expect(run).toMatchObject({ state: 'COMPLETED', accountsDone: 3 });
    const results = await resultsOf(run);
    expect(results.map(({ code }) => code)).toEqual(['A-01', 'A-03', 'A-04']);
    expect(await scheduled.restated(firmId, { wholeMaximum: 2, shardSize: 2 })).toBeNull();
    expect(await resultsOf(await runOverAll(), ['A-01', 'A-03', 'A-04'])).toEqual(results);
    await state('A-02', -1);
    await state('A-03', -1);
    expect(await scheduled.restated(firmId, { wholeMaximum: 2, shardSize: 2 })).toMatchObject({ shardCount: null });
  });

  it.each([
    ['in one piece', { wholeMaximum: 10, shardSize: 1 }],
    ['in shards', { wholeMaximum: 1, shardSize: 1 }],
  ])('that race a run %s are all seen in the end, and by no run twice', async (_, cut) => {
    await state('A-01', -20 - statements);
    await state('A-02', -20 - statements);
    const first = scheduled.restated(firmId, cut);
    // One account of the run that is opened at this moment, and one that is not in it.
    await Promise.all([state('A-02', -40 - statements), state('A-04', -40 - statements)]);
    const raced = await ended((await first) as MarginRun);
    expect(raced.state).toBe('COMPLETED');
    const followers: MarginRun[] = [];
    for (let next = await scheduled.restated(firmId, cut); next !== null; next = await scheduled.restated(firmId, cut))
      followers.push(await ended(next));
    expect(followers.length).toBeLessThanOrEqual(1);
    const newest = await rows(
      `SELECT a.code, l.equity, l.maintenance, l.initial, l.buffer FROM latest_buffers l JOIN accounts a USING (account_id) ORDER BY a.code`,
    );
    expect(newest).toEqual(await resultsOf(await runOverAll()));
  });

  it('are looked for by a worker that minds the clock, in every firm', async () => {
    await engine.worker.stop();
    await engine.close();
    openEngine();
    const { database } = db;
    const terms = new MarginCallTermsReader(new FirmControlsStore(database));
    const [firms, chains] = [new FirmStore(database), new HistoryChainStore(database)];
    const advance = new AdvanceMarginCalls(database, new MarginCallStore(database), terms);
    const maintain = new MaintainHistory(database, new VerifyHistory(firms, chains, database));
    const schedules = new Schedules(firms, scheduled, advance, maintain, chains);
    await state('A-01', -9);
    const completed = async () => (await rows(`SELECT 1 FROM margin_runs WHERE state = 'COMPLETED'`)).length;
    const before = await completed();
    engine.worker.start({ concurrency: 1, scheduled: schedules.work({ intraday: false, positions: true }) });
    await engine.queue.install();
    await until(async () => (await engine.queue.findSchedules()).some(({ name }) => name === 'positions'));
    await withClient(db.jobsUrl, (client) => client.query(`SELECT graphile_worker.add_job('schedule:positions')`));
    await until(async () => (await completed()) > before);
    const [found] = await rows<{ n: number }>(
      `SELECT account_count AS n FROM margin_runs ORDER BY started_at DESC LIMIT 1`,
    );
    expect(found).toEqual({ n: 1 });
  });
});

describe('positions of a firm that only end-of-day runs evaluate', () => {
  const due = instantOf(closes[2] + 1_800_000);
  let endOfDayFirm: string;

  const newest = (): Promise<{ code: string; run: string }[]> =>
    rows(
      `SELECT a.code, l.run_id AS run FROM latest_buffers l JOIN accounts a USING (account_id)
       WHERE a.firm_id = $1 ORDER BY a.code`,
      [endOfDayFirm],
    );

  beforeAll(async () => {
    endOfDayFirm = (await fillFirm(db, 'BETA', 3, [])).firmId;
  });

  it('are evaluated where they were stated between the due time and the run of the day', async () => {
    await state('B-02', -3, endOfDayFirm);
    expect(await scheduled.restated(endOfDayFirm)).toBeNull();
    const day = await scheduled.endOfDay(endOfDayFirm, due);
    expect(day).toMatchObject({ state: 'COMPLETED', asOf: due, positionsAt: due, accountCount: 3 });
    const run = await scheduled.restated(endOfDayFirm);
    expect(run).toMatchObject({ state: 'COMPLETED', accountCount: 1, requestedBy: 'schedule' });
    expect(await newest()).toEqual([
      { code: 'B-01', run: day?.id },
      { code: 'B-02', run: run?.id },
      { code: 'B-03', run: day?.id },
    ]);
    expect(await scheduled.restated(endOfDayFirm)).toBeNull();
  });

  it('take the place of the figures of the day: as of its time, because the market is older', async () => {
    await state('B-03', -4, endOfDayFirm);
    const run = await scheduled.restated(endOfDayFirm);
    expect(run).toMatchObject({ state: 'COMPLETED', accountCount: 1, asOf: due });
    expect(run?.positionsAt).toBeGreaterThan(due);
    expect((await newest()).map((row) => row.run === run?.id)).toEqual([false, false, true]);
    const whole = await scheduled.intraday(endOfDayFirm, instantOf(Date.now() + 86_400_000));
    expect(whole).toMatchObject({ state: 'COMPLETED', accountCount: 3, asOf: due });
    expect(await resultsOf(whole, ['B-03'])).toEqual(await resultsOf(run));
    expect((await newest()).every((row) => row.run === whole?.id)).toBe(true);
    expect(await scheduled.restated(endOfDayFirm)).toBeNull();
  });

  it('are evaluated again where a day that is made up for hides what was seen', async () => {
    const { runMargin } = engine;
    await state('B-01', -6, endOfDayFirm);
    const live = await runMargin.execute({ firmId: endOfDayFirm, requestedBy: 'test' });
    expect(live.asOf).toBe(closes[2]);
    const late = await scheduled.endOfDay(endOfDayFirm, instantOf(due + 60_000));
    expect(await scheduled.restated(endOfDayFirm)).toMatchObject({ accountCount: 3, asOf: late?.asOf });
    expect((await newest()).some((row) => row.run === late?.id || row.run === live.id)).toBe(false);
  });

  it('are evaluated again where a day that is made up for hides what a run over them had shown', async () => {
    await state('B-02', -9, endOfDayFirm);
    const shown = await scheduled.restated(endOfDayFirm);
    const late = await scheduled.endOfDay(endOfDayFirm, instantOf(due + 120_000));
    expect((await newest()).map((row) => row.run)).toEqual([late?.id, late?.id, late?.id]);
    const again = await scheduled.restated(endOfDayFirm);
    const hidden = await scheduled.endOfDay(endOfDayFirm, instantOf(due + 180_000));
    const last = await scheduled.restated(endOfDayFirm);
    expect(new Set([shown, again, last].map((run) => run?.id)).size).toBe(3);
    expect([again, last].map((run) => run?.asOf)).toEqual([late?.asOf, hidden?.asOf]);
    expect((await newest()).map((row) => row.run)).toEqual([last?.id, last?.id, last?.id]);
    expect(await scheduled.restated(endOfDayFirm)).toBeNull();
  });
});
