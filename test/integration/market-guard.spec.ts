import { instantOf, parseInstant } from '@ballast/domain';
import { FeedStore, MarketSnapshotStore } from '@ballast/persistence';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: ImportDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

const strikes = Array.from({ length: 20 }, (_, index) => 80 + 2 * index);
const instruments = [
  'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle',
  ...strikes.map(
    (strike) => `X-${strike}-C,option,X,call,${strike},2026-03-20T21:00:00Z,european,100,USD,linear,equity`,
  ),
].join('\n');
const start = parseInstant('2026-01-05T15:00:00Z', 'start');
const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

/** Market files of an instant; the first `crossed` quotes have their bid above their ask. */
function marketOf(seconds: number, crossed = 0, price = '100') {
  const quotes = strikes.map((strike, index) => {
    const ask = Math.max(0.5, 100 - strike) + 3;
    const bid = index < crossed ? ask + 1 : ask - 0.1;
    return `X-${strike}-C,${bid.toFixed(2)},${ask.toFixed(2)},${(ask - 0.05).toFixed(2)},0.3,${at(seconds)}`;
  });
  return [
    fileOf('quotes.csv', ['instrument,bid,ask,mark,impliedVolatility,timestamp', ...quotes].join('\n')),
    fileOf(
      'underlyings.csv',
      `underlying,kind,currency,price,rate,dividendYield,timestamp\nX,equity,USD,${price},0.03,0,${at(seconds)}`,
    ),
  ];
}

async function openFeed() {
  const context = await newFirm(desk);
  await desk.importInstruments.execute(context, [fileOf('instruments.csv', instruments), ...marketOf(0).slice(1)]);
  const publish = (seconds: number, crossed = 0, price = '100') =>
    desk.importMarket.execute(context, marketOf(seconds, crossed, price));
  const scope = { firmId: context.firmId };
  const newest = async () => (await new MarketSnapshotStore(db.database).findLatest(scope))?.asOf;
  const last = () => new FeedStore(db.database).findLast(scope, 'market');
  return { scope, publish, newest, last };
}

describe('the guard of a market feed', () => {
  it('freezes the market when a feed goes bad, and thaws it after three clean snapshots', async () => {
    const feed = await openFeed();
    await feed.publish(0);
    const bad = await feed.publish(20, 4);
    expect(bad.warnings.at(-1)).toContain('FEED_SUSPECT');
    expect(bad.snapshot).toMatchObject({ isNew: true, quality: 'DEGRADED' });
    expect(bad.snapshot.qualityReasons[0]).toBe('FEED_SUSPECT: 4 of 20 instruments turned bad');
    expect(await feed.newest()).toBe(start);
    expect((await feed.last())?.state).toMatchObject({ mode: 'SUSPECT', clean: 0 });
    await feed.publish(40);
    await feed.publish(60);
    expect([await feed.newest(), (await feed.last())?.kind]).toEqual([start, 'CLEAN']);
    const third = await feed.publish(80);
    expect(third.warnings.join()).not.toContain('FEED_SUSPECT');
    expect([await feed.newest(), (await feed.last())?.kind]).toEqual([instantOf(start + 80_000), 'RECOVERED']);
    expect((await feed.last())?.ordinal).toBe(5);
  });

  it('stores the same file once and lets an older one in without moving the breaker', async () => {
    const feed = await openFeed();
    await feed.publish(0);
    await feed.publish(60);
    const again = await feed.publish(60);
    expect([again.snapshot.isNew, again.stored, (await feed.last())?.ordinal]).toEqual([false, 0, 2]);
    const older = await feed.publish(30);
    expect([older.snapshot.isNew, (await feed.last())?.ordinal]).toEqual([true, 2]);
  });

  it('lets no late snapshot take the place of a believed one: not of the same minute, not while the feed is suspect', async () => {
    const feed = await openFeed();
    await feed.publish(0);
    await feed.publish(20);
    const second = await feed.publish(20, 4);
    expect(second.warnings.at(-1)).toContain('FEED_SUSPECT');
    const believed = instantOf(start + 20_000);
    expect([await feed.newest(), (await feed.last())?.state.mode]).toEqual([believed, 'SUSPECT']);
    await feed.publish(60, 4);
    const late = await feed.publish(40, 4);
    expect(late.snapshot.qualityReasons[0]).toBe('FEED_SUSPECT: late, from a feed that is not believed');
    expect([await feed.newest(), (await feed.last())?.kind]).toEqual([believed, 'FROZEN']);
    const before = await feed.publish(10, 4);
    expect([before.snapshot.isNew, await feed.newest()]).toEqual([true, believed]);
    for (const seconds of [80, 100, 120]) await feed.publish(seconds);
    expect([await feed.newest(), (await feed.last())?.kind]).toEqual([instantOf(start + 120_000), 'RECOVERED']);
  });

  it('flags a spike of the underlying until a third snapshot confirms it', async () => {
    const feed = await openFeed();
    const reasons = [];
    for (const [seconds, price] of [
      [0, '100'],
      [60, '84'],
      [120, '84'],
      [180, '84'],
    ] as const)
      reasons.push(
        (await feed.publish(seconds, 0, price)).snapshot.qualityReasons.filter((reason) =>
          reason.startsWith('Q_SPIKE: X'),
        ),
      );
    expect(reasons).toEqual([[], ['Q_SPIKE: X'], ['Q_SPIKE: X'], []]);
  });
});
