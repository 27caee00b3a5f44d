import { Decimal, instantOf, type UnderlyingQuote } from '@ballast/domain';
import { FeedStore, HistoryChainStore } from '@ballast/persistence';
import { openWatches, takeFrom } from '../support/open-watches';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openReplay } from '../support/run-engine';
import {
  lineOf,
  openStreamDesk,
  priceLine,
  quoteLine,
  streamStart,
  strikes,
  textAt,
  untilTold,
} from '../support/stream-desk';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

describe('a followed market stream', () => {
  it('makes few snapshots of a burst, with the latest of each, and evaluates those who hold what moved', async () => {
    const desk = await openStreamDesk(db);
    await desk.runMargin.execute({ ...desk.scope, requestedBy: 'test' });
    const before = await desk.requirementOf('SHARES');
    const watches = openWatches(db.database);
    const principal = { subject: 'ruth', firmId: desk.scope.firmId, roles: ['risk'] as const };
    const stream = await watches.buffers.open(principal, {});
    const lines = Array.from({ length: 10_000 }, (_, index) => {
      const strike = strikes[index % strikes.length] ?? 100;
      const seconds = 1 + index / 1_000;
      if (index % 100 === 99) return priceLine('X', (100 + index / 10_000).toFixed(4), seconds, { sequence: index });
      return quoteLine(strike, seconds, { ask: (Math.max(0, 100 - strike) + 4.1 + index / 100_000).toFixed(5), sequence: index }); // prettier-ignore
    });
    const { report, of } = await desk.follow([{ lines, seconds: 11 }]);
    expect(report).toMatchObject({ lines: 10_000, taken: 10_000, rejected: 0, gaps: 0, sequence: 9_999 });
    expect(report.snapshots).toBeLessThanOrEqual(3);
    expect(report.coalesced).toBeGreaterThan(9_900);
    const { snapshot } = await desk.latest();
    expect(snapshot.underlyings.get('X')?.price?.toFixed()).toBe('100.9999');
    expect(snapshot.instruments.get('X-118-C')?.quotedAt).toBe(Date.parse(textAt(1 + 9_979 / 1_000)));
    expect(snapshot.instruments.size).toBe(20);
    const [evaluated] = of('evaluated');
    expect(evaluated).toMatchObject({ state: 'COMPLETED', accounts: 2, snapshotId: (await desk.latest()).id });
    const told = await takeFrom(stream, 2);
    expect(new Set(told.map(({ accountId }) => accountId))).toEqual(new Set([desk.ids.get('CALLS'), desk.ids.get('PLEDGE')])); // prettier-ignore
    expect((await desk.requirementOf('CALLS'))?.runId).toBe(evaluated?.runId);
    expect((await desk.requirementOf('SHARES'))?.id).toBe(before?.id);
    await stream.return();
    await watches.close();
  });

  it('takes in what another stream stored while it waited', async () => {
    const desk = await openStreamDesk(db);
    const storing = await desk.hold('storing');
    const following = desk.follow([{ lines: [priceLine('X', '100.5', 2)], seconds: 2 }]);
    await storing.untilWaited();
    const { snapshot } = await desk.latest();
    const quotedAt = instantOf(streamStart + 1_000);
    const known = snapshot.underlyings.get('Y') as UnderlyingQuote;
    const underlyings = new Map(snapshot.underlyings).set('Y', { ...known, price: new Decimal('50.5'), quotedAt });
    const other = { snapshot: { ...snapshot, asOf: quotedAt, underlyings }, source: 'other', quality: 'OK' } as const;
    await desk.snapshots.insert(desk.scope, other);
    await storing.release();
    await following;
    const { underlyings: stored } = (await desk.latest()).snapshot;
    expect(['X', 'Y'].map((id) => stored.get(id)?.price?.toFixed())).toEqual(['100.5', '50.5']);
  });

  it('values a contract by its volatility once its underlying moved without it, and believes the feed', async () => {
    const desk = await openStreamDesk(db);
    const volatility = (await desk.latest()).snapshot.instruments.get('X-80-C')?.impliedVolatility;
    const { report, of } = await desk.follow([
      { lines: [priceLine('X', '104', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [quoteLine(100, 2, { bid: '6.40', ask: '6.60' })], seconds: 2 },
    ]);
    expect([report.snapshots, report.suspect]).toEqual([2, false]);
    expect(of('committed').map(({ quality }) => quality)).toEqual(['OK', 'OK']);
    const { snapshot } = await desk.latest();
    const carried = snapshot.instruments.get('X-80-C');
    expect([carried?.bid, carried?.ask, carried?.impliedVolatility]).toEqual([null, null, volatility]);
    expect(carried?.flags).toEqual(['Q_NO_QUOTE']);
    expect(snapshot.instruments.get('X-100-C')?.bid?.toFixed()).toBe('6.4');
    expect((await desk.requirementOf('CALLS'))?.quality).toBe('OK');
  });

  it('stores what was said, and judges anew what grew stale meanwhile', async () => {
    const desk = await openStreamDesk(db);
    const whole = (await desk.latest()).id;
    const rowsOf = (id: string) =>
      db.database.withTenant(desk.scope, (tx) =>
        tx.rows<{ name: string; price: number | null }>(
          `SELECT underlying_id AS name, price::float8 AS price FROM underlying_quotes WHERE snapshot_id = $1
           UNION ALL SELECT instrument_id, mark::float8 FROM instrument_quotes WHERE snapshot_id = $1 ORDER BY 1`,
          [id],
        ),
      );
    const { of } = await desk.follow([
      { lines: [priceLine('Y', '50.1', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [priceLine('Y', '50.2', 90)], seconds: 90, after: untilTold('evaluated', 2) },
      { lines: [priceLine('Y', '50.3', 91)], seconds: 91 },
    ]);
    const [first, second] = of('committed').map(({ snapshotId }) => snapshotId) as [string, string];
    expect((await desk.snapshots.findById(desk.scope, first))?.parts).toEqual([whole]);
    expect(await rowsOf(first)).toEqual([{ name: 'Y', price: 50.1 }]);
    // Nobody said anything of X for more than a minute.
    const restated = (await rowsOf(second)).filter(({ name }) => !name.includes('-'));
    expect(restated).toEqual([{ name: 'X', price: 100 }, { name: 'Y', price: 50.2 }]); // prettier-ignore
    const { parts, snapshot } = await desk.latest();
    // All that is quoted is quoted on X, so the one before was stored whole.
    expect(parts).toEqual([second]);
    expect(snapshot.underlyings.get('X')?.flags).toEqual(['Q_STALE']);
    expect(snapshot.instruments.get('X-100-C')?.bid?.toFixed()).toBe('3.9');
    expect((await new HistoryChainStore(db.database).verify(desk.scope)).breaks).toEqual([]);
    const run = of('evaluated').at(-1)?.runId as string;
    const replay = await openReplay(db.database).execute({ firmId: desk.scope.firmId, runId: run });
    expect(replay).toMatchObject({ accounts: 1, differences: [] });
  });

  it('lets nothing older over anything newer, whatever comes twice or out of order', async () => {
    const desk = await openStreamDesk(db);
    const { report } = await desk.follow([
      { lines: [priceLine('X', '101', 5, { sequence: 2 })], seconds: 6 },
      {
        lines: [
          priceLine('X', '99', 4, { sequence: 1 }),
          priceLine('X', '101', 5, { sequence: 2 }),
          priceLine('Y', '51', 5),
          priceLine('Y', '49', 4),
          priceLine('Y', '51', 5),
          quoteLine(100, -1),
        ],
        seconds: 6,
      },
    ]);
    expect(report).toMatchObject({ taken: 2, repeated: 3, outOfOrder: 2, rejected: 0 });
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['101', '51']);
  });

  it('tells bad lines with line, column and value, and goes on', async () => {
    const desk = await openStreamDesk(db);
    const { report } = await desk.follow([
      {
        lines: [
          '{"instrument":"X-100-C","bid":"4,1"}',
          'nonsense',
          lineOf({ instrument: 'Z-1-C', bid: '1', timestamp: textAt(1) }),
          lineOf({ underlying: 'OTHER', price: '10', timestamp: textAt(1) }),
          lineOf({ underlying: 'X', price: '0', timestamp: textAt(1) }),
          priceLine('X', '100.5', 3_600),
          quoteLine(100, 1, { bid: 4.05 }),
          lineOf({ type: 'trade' }),
          lineOf({ underlying: 'NEW', kind: 'equity', currency: 'USD', price: 10, rate: 0.03, dividendYield: 0 }),
        ],
        seconds: 2,
      },
    ]);
    const told = report.problems.map(({ line, column, value, reason }) => [line, column, value, reason]);
    expect(told.sort((left, right) => Number(left[0]) - Number(right[0]))).toEqual([
      [1, 'bid', '4,1', expect.stringContaining('decimal comma')],
      [2, 'character 1', 'nonsense', expect.stringContaining('not JSON')],
      [3, 'instrument', 'Z-1-C', expect.stringContaining('no such instrument')],
      [4, 'kind', undefined, expect.stringContaining('needed for OTHER')],
      [5, 'price', '0', expect.stringContaining('must be greater than 0')],
      [6, 'timestamp', textAt(3_600), expect.stringContaining('Q_FUTURE')],
      [8, undefined, 'type', expect.stringContaining('unknown message')],
    ]);
    expect(report).toMatchObject({ lines: 9, rejected: 7, snapshots: 1 });
    const { snapshot } = await desk.latest();
    expect(snapshot.instruments.get('X-100-C')?.bid?.toFixed()).toBe('4.05');
    expect(snapshot.underlyings.get('NEW')).toMatchObject({ kind: 'equity', rate: 0.03 });
  });

  it('raises FEED_GAP for missing numbers until they came', async () => {
    const desk = await openStreamDesk(db);
    const late = [quoteLine(100, 2, { sequence: 2 }), quoteLine(102, 3, { sequence: 3 })];
    const { report, of } = await desk.follow([
      { lines: [priceLine('X', '100.1', 1, { sequence: 1 })], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [priceLine('X', '100.2', 4, { sequence: 4 })], seconds: 4, after: untilTold('evaluated', 2) },
      { lines: late, seconds: 5, after: untilTold('evaluated', 3) },
    ]);
    expect(of('gap').map(({ reason }) => reason)).toEqual(['FEED_GAP: messages 2 to 3 are missing']);
    const reasons = of('committed').map(({ qualityReasons }) => qualityReasons);
    expect(reasons).toEqual([[], ['FEED_GAP: 2 messages are missing, the first is number 2'], []]);
    expect(of('evaluated').map(({ degraded }) => degraded)).toEqual([0, 2, 0]);
    expect(report).toMatchObject({ gaps: 1, sequence: 4, outOfOrder: 0, taken: 4 });
    const told = await desk.streams.findGaps(desk.scope, 'test', 10);
    expect(told).toEqual(['FEED_GAP: messages 2 to 3 are missing']);
  });

  it('raises FEED_GAP once for a silence, which a heartbeat ends', async () => {
    const desk = await openStreamDesk(db);
    const heartbeat = lineOf({ heartbeat: true });
    const { report, of } = await desk.follow(
      [
        { lines: [heartbeat], seconds: 1, after: untilTold('gap', 1) },
        { lines: [heartbeat], seconds: 2, after: untilTold('gap', 2) },
      ],
      { silenceMs: 100 },
    );
    expect(of('gap').map(({ reason }) => reason)).toEqual(Array(2).fill('FEED_GAP: nothing new was heard for 0.1 s'));
    expect(report).toMatchObject({ gaps: 2, heartbeats: 2, snapshots: 0 });
    expect(await desk.streams.findGaps(desk.scope, 'test', 10)).toHaveLength(2);
  });

  it('evaluates after a move of a rate those who owe or have pledged in another currency', async () => {
    const desk = await openStreamDesk(db);
    await desk.addAccountsInEuros();
    const line = (rate: string, seconds: number) =>
      lineOf({ from: 'EUR', to: 'USD', rate, timestamp: textAt(seconds) });
    const { of } = await desk.follow([
      { lines: [line('1.10', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [line('1.20', 2)], seconds: 2, after: untilTold('evaluated', 2) },
      { lines: [priceLine('Y', '50.1', 3)], seconds: 3 },
    ]);
    expect(of('evaluated').map(({ accounts }) => accounts)).toEqual([7, 7, 2]);
    const [, second] = of('evaluated');
    const equities = await Promise.all(['OWES', 'PRICED', 'ABROAD'].map(desk.requirementOf));
    // −1,000 EUR at 1.20; 10 pledged at 10 EUR less a quarter at 1.20; 100 USD at 1 / 1.20.
    expect(equities.map((one) => [one?.runId, one?.equity?.amount.toFixed(2)])).toEqual(
      ['-1200.00', '90.00', '83.33'].map((equity) => [second?.runId, equity]),
    );
  });

  it('finds a source without times that counts anew, and loses nothing of what it says', async () => {
    const desk = await openStreamDesk(db);
    const line = (sequence: number, price: string) => lineOf({ underlying: 'X', price, sequence });
    const { report, of } = await desk.follow([
      { lines: [7, 8, 9].map((number) => line(number, `100.${number}`)), seconds: 1 },
      {
        lines: [lineOf({ underlying: 'Y', price: '50.5', sequence: 1 }), line(2, '101'), line(3, '101.5')],
        seconds: 2,
      },
      { lines: [line(4, '102'), line(3, '101.5')], seconds: 3 },
    ]);
    expect(of('gap').map(({ reason }) => reason)).toEqual(['FEED_GAP: the source began to count anew at 1 after 9']);
    expect(report).toMatchObject({ lines: 8, taken: 7, repeated: 1, gaps: 1, sequence: 4 });
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['102', '50.5']);
  });

  it('calls a stream silent that says only what it said before', async () => {
    const desk = await openStreamDesk(db);
    const old = [priceLine('X', '101', 1, { sequence: 1 })];
    await desk.follow([{ lines: old, seconds: 1 }]);
    let silent = false;
    const again = { lines: old, seconds: 2, after: () => new Promise((resolve) => setTimeout(resolve, 10)) };
    const { report } = await desk.follow(Array(40).fill(again), {
      silenceMs: 100,
      onEvent: ({ event }) => (silent ||= event === 'gap'),
    });
    expect([report.repeated, silent]).toEqual([40, true]);
  });

  it('freezes a feed that goes bad, and evaluates what moved once it is believed again', async () => {
    const desk = await openStreamDesk(db);
    const crossed = strikes.slice(0, 4).map((strike) => quoteLine(strike, 2, { bid: '50' }));
    const clean = (seconds: number) => ({
      lines: [...strikes.slice(0, 4).map((strike) => quoteLine(strike, seconds)), priceLine('Y', '50', seconds)],
      seconds,
      after: untilTold('committed', seconds),
    });
    const { report, of } = await desk.follow([
      { lines: [priceLine('Y', '50.1', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: crossed, seconds: 2, after: untilTold('committed', 2) },
      ...[3, 4, 5].map(clean),
    ]);
    expect(of('committed').map(({ frozen }) => frozen)).toEqual([false, true, true, true, false]);
    expect(of('evaluated').map(({ accounts }) => accounts)).toEqual([1, 3]);
    expect([report.suspect, report.snapshots, report.runs]).toEqual([false, 5, 2]);
    expect((await new FeedStore(db.database).findLast(desk.scope, 'market'))?.kind).toBe('RECOVERED');
  });
});
