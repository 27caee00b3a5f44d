// Retention over a record that holds every kind of row: explained and lean requirements, whole markets and differences.
import { type Instant, instantOf } from '@ballast/domain';
import {
  BufferHistoryStore,
  Database,
  FirmControlsStore,
  FirmStore,
  HeldRequirementStore,
  HistoryChainStore,
  type MarginRun,
  MarketDifferenceStore,
  MarketSnapshotStore,
  RequirementStore,
} from '@ballast/persistence';
import { MaintainHistory, VerifyHistory } from '@ballast/use-cases';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at } from '../support/record-samples';
import { openExplanations, openReplay } from '../support/run-engine';
import {
  openStreamDesk,
  priceLine,
  quoteLine,
  type StreamDesk,
  streamStart,
  strikes,
  untilTold,
} from '../support/stream-desk';

let db: TestDatabase;
let database: Database;
let desk: StreamDesk;
let maintain: MaintainHistory;
/** Runs by the month of their time. */
const runs = { january: [] as MarginRun[], february: [] as MarginRun[], march: [] as MarginRun[] };
const april = at('2026-04-10T00:00:00Z');

const secondsTo = (text: string): number => (at(text) - streamStart) / 1_000;

/** All quotes stated anew, a whole market; then moves of what has no contracts, which are differences. */
async function follow(from: string, prices: readonly string[], more: readonly string[] = []): Promise<void> {
  const first = secondsTo(from);
  const whole = [...strikes.map((strike) => quoteLine(strike, first)), priceLine('X', '100', first), ...more];
  await desk.follow([
    { lines: whole, seconds: first, after: untilTold('evaluated', 1) },
    ...prices.map((price, index) => {
      const seconds = first + 20 * (index + 1);
      return { lines: [priceLine('Y', price, seconds)], seconds, after: untilTold('evaluated', index + 2) };
    }),
  ]);
}

beforeAll(async () => {
  db = await openTestDatabase();
  desk = await openStreamDesk(db);
  database = new Database(() => ({ ...db.options, migrationDatabaseUrl: db.ownerUrl }));
  const chain = new HistoryChainStore(database);
  maintain = new MaintainHistory(database, new VerifyHistory(new FirmStore(database), chain, database));
  const explained = (asOf: Instant) => desk.runMargin.execute({ firmId: desk.scope.firmId, asOf, requestedBy: 'test' });
  await explained(streamStart);
  await follow('2026-01-20T15:00:00Z', ['51', '52']);
  await follow('2026-02-10T15:00:00Z', ['53', '52.5']);
  await explained(at('2026-02-10T16:00:00Z'));
  const controls = { releaseFraction: 0.001, releaseAmount: 1 };
  const march = at('2026-03-01T00:00:00Z');
  await new FirmControlsStore(database).add(desk.scope, { effectiveFrom: march, controls, recordedBy: 'ruth' });
  // On the market of February.
  await explained(at('2026-03-01T00:10:00Z'));
  // What the calls are held against is of February, on bad data as at a move that a person has to confirm.
  await follow(
    '2026-03-03T15:00:00Z',
    ['51', '50.5', '50'],
    [quoteLine(100, secondsTo('2026-03-03T15:00:00Z'), { bid: '50' })],
  );
  await follow('2026-03-04T15:00:00Z', ['50.2']);
  const last = await explained(at('2026-03-04T16:00:00Z'));
  await new HeldRequirementStore(database).confirm(desk.scope, {
    runId: last.id,
    confirmedBy: 'ruth',
    reason: 'so it is',
  });
  const page = await desk.runs.findPage(desk.scope, { first: 100 });
  for (const { node } of page.items)
    runs[node.asOf < at('2026-02-01T00:00:00Z') ? 'january' : node.asOf < at('2026-03-01T00:00:00Z') ? 'february' : 'march'].push(node); // prettier-ignore
}, 60_000);

afterAll(async () => {
  await desk?.engine.close();
  await database?.close();
  await db?.close();
});

const count = async (sql: string): Promise<number> =>
  withClient(db.superuserUrl, async (client) => Number((await client.query<{ n: string }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n)); // prettier-ignore

async function daysOf() {
  const history = new BufferHistoryStore(database);
  const period = { from: at('2026-01-01T00:00:00Z'), to: at('2026-03-31T23:59:59.999Z'), bucket: 'DAY' as const };
  return Promise.all(
    [...desk.ids.values()].map(async (accountId) => [
      await history.findRanges(desk.scope, { ...period, accountId }),
      (await history.findPage(desk.scope, { ...period, accountId, first: 500 })).items,
    ]),
  );
}

const replay = (run: MarginRun | undefined) =>
  openReplay(database).execute({ firmId: desk.scope.firmId, runId: run?.id ?? '' });

describe('months that are given up', () => {
  it('hold rows of every kind', async () => {
    expect(await count('requirements WHERE is_observation')).toBeGreaterThan(6);
    expect(await count('requirements WHERE is_observation IS NULL')).toBe(12);
    expect(await count('market_snapshots WHERE parts IS NOT NULL')).toBeGreaterThan(5);
    for (const run of [...runs.january, ...runs.february, ...runs.march])
      expect(await replay(run)).toMatchObject({ differences: [] });
  });

  it('leave roll-ups, the chain, and what is younger as they were', async () => {
    const before = await daysOf();
    const policy = { now: april, keepMonths: 1, dryRun: false, operator: 'test' };
    const { months } = await maintain.execute(policy);
    expect(months.map(({ partition, keptBecause }) => [partition, keptBecause])).toEqual(
      ['01', '02'].flatMap((month) =>
        ['buffer_observations', 'instrument_quotes', 'requirements'].map((table) => [`${table}_y2026m${month}`, null]),
      ),
    );
    expect(await daysOf()).toEqual(before);
    expect((await new HistoryChainStore(database).verify(desk.scope)).breaks).toEqual([]);
    expect((await maintain.execute(policy)).months).toEqual([]);
  });

  it('let runs that are kept be replayed and explained, what was held against a requirement before them included', async () => {
    // The first was on the market of February, the second held the calls on bad data at their requirement of then.
    const [, onBadData, ...sound] = [...runs.march].reverse() as [MarginRun, MarginRun, ...MarginRun[]];
    const held: (Instant | undefined)[] = [];
    for (const run of sound) {
      expect(await replay(run)).toMatchObject({ differences: [], differenceCount: 0 });
      const keys = await new RequirementStore(database).findByRun(desk.scope, run.id);
      const found = await database.withTenant(desk.scope, (tx) => openExplanations(database).find(tx, keys));
      expect(found.size).toBe(keys.length);
      held.push(...keys.map(({ hold }) => hold?.released.asOf));
    }
    expect(held).toContain(at('2026-02-10T16:00:00Z'));
    expect(await replay(onBadData)).toMatchObject({
      accounts: onBadData.accountCount,
      differences: [
        { account: 'CALLS', field: 'earlierRequirement', stored: expect.stringContaining('RATCHET') as string },
      ],
    });
  });

  it.each([
    ['results', () => runs.february[0], 'the results of run'],
    ['market', () => runs.march.at(-1), 'the quotes of market snapshot'],
  ])('say so where the %s of a run are gone', async (_, run, words) => {
    await expect(replay(run())).rejects.toMatchObject({
      code: 'GIVEN_UP',
      message: expect.stringMatching(new RegExp(`^${words}.* were given up with their month`)) as string,
    });
  });

  it('read as given up, and not as a market without contracts', async () => {
    const snapshots = new MarketSnapshotStore(database);
    const gone = { code: 'GIVEN_UP', message: expect.stringContaining('given up') as string };
    for (const { snapshotId } of [runs.january[0], runs.february[0]] as MarginRun[]) {
      await expect(snapshots.load(desk.scope, snapshotId)).rejects.toMatchObject(gone);
      await expect(snapshots.loadForInstruments(desk.scope, snapshotId, ['X-100-C'])).rejects.toMatchObject(gone);
      const prices = await snapshots.loadForInstruments(desk.scope, snapshotId, []);
      expect(prices?.snapshot.underlyings.size).toBe(2);
    }
    const late = desk.runMargin.execute({ ...desk.scope, asOf: at('2026-02-20T00:00:00Z'), requestedBy: 'test' });
    await expect(late).rejects.toMatchObject(gone);
  });

  it('are closed: nothing is written into them any more', async () => {
    const closed = {
      code: 'GIVEN_UP',
      message: expect.stringContaining('the history of 2026-02 was given up') as string,
    };
    const { snapshot, id } = await desk.latest();
    const stored = { source: 'test', quality: 'OK' } as const;
    const february = { ...snapshot, asOf: at('2026-02-11T00:00:00Z') };
    const snapshots = new MarketSnapshotStore(database);
    await expect(snapshots.insert(desk.scope, { ...stored, snapshot: february })).rejects.toMatchObject(closed);
    const base = runs.february[0]?.snapshotId ?? '';
    const difference = { asOf: february.asOf, underlyings: [], quotes: [], dropped: [], fx: null };
    const upon = new MarketDifferenceStore(database, snapshots).insert(desk.scope, {
      ...{ ...stored, basedOn: base, difference, before: february },
    });
    await expect(upon).rejects.toMatchObject(closed);
    // A market of March under a time of February.
    const late = { ...desk.scope, snapshotId: id, asOf: at('2026-02-20T00:00:00Z'), requestedBy: 'test' };
    await expect(desk.runMargin.execute(late)).rejects.toMatchObject(closed);
    expect((await new HistoryChainStore(database).verify(desk.scope)).breaks).toEqual([]);
  });

  it('are no hindrance to a stream that goes on, nor to a market that is compared with one of theirs', async () => {
    const market = (await desk.latest()).snapshot;
    const first = instantOf(at('2026-03-01T00:00:00Z'));
    const quotes = [
      'instrument,bid,ask,mark,impliedVolatility,timestamp',
      ...[...market.instruments.values()].map(({ instrumentId, bid, ask }) => `${instrumentId},${bid?.toFixed()},${ask?.toFixed()},,,${new Date(first).toISOString()}`),
    ].join('\n'); // prettier-ignore
    const prices = ['underlying,kind,currency,price,rate,dividendYield,timestamp', ...['X,equity,USD,100,0.03,0', 'Y,equity,USD,50,0.03,0'].map((line) => `${line},${new Date(first).toISOString()}`)].join('\n'); // prettier-ignore
    const file = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
    await desk.desk.importMarket.execute(desk.context, [file('q.csv', quotes), file('u.csv', prices)]);
    const seconds = secondsTo('2026-03-04T17:00:00Z');
    const { report, of } = await desk.follow([{ lines: [priceLine('Y', '50.4', seconds)], seconds }]);
    expect(report).toMatchObject({ snapshots: 1, runs: 1 });
    expect(of('evaluated')).toMatchObject([{ state: 'COMPLETED' }]);
    expect((await new HistoryChainStore(database).verify(desk.scope)).breaks).toEqual([]);
  });
});

describe('months that somebody goes on from', () => {
  const reasonsAt = async (now: Instant): Promise<Record<string, string | null>> => {
    const { months } = await maintain.execute({ now, keepMonths: 1, dryRun: true, operator: 'test' });
    return Object.fromEntries(months.map(({ month, keptBecause }) => [month.slice(0, 7), keptBecause]));
  };

  it('are kept: the newest market of a firm, though nobody was evaluated on it', async () => {
    // What this process knew of the month is a minute old.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 61_000);
    const other = await openStreamDesk(db);
    clock.mockRestore();
    await other.engine.close();
    expect(await reasonsAt(april)).toMatchObject({ '2026-01': 'it holds the newest market of a firm' });
  });

  it('are kept: the last figures that somebody stands behind, while newer ones are missing', async () => {
    const seconds = secondsTo('2026-04-15T15:00:00Z');
    await desk.follow([{ lines: [priceLine('Y', '49', seconds)], seconds, after: untilTold('evaluated', 1) }]);
    const asOf = at('2026-04-15T16:00:00Z');
    // The calls have expired without an event: no figure can be given of them.
    const run = await desk.runMargin.execute({ ...desk.scope, asOf, requestedBy: 'test' });
    expect(run).toMatchObject({ accountsIndeterminate: 1 });
    expect(await reasonsAt(at('2026-05-10T00:00:00Z'))).toMatchObject({
      '2026-03': 'it holds the last figures of an account that somebody stands behind',
    });
  });
});
