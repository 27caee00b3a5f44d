import { Decimal, type Instant, type LifecycleEvent, parseInstant } from '@ballast/domain';
import type { ImportContext } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import {
  bookOf,
  holdPositions,
  type LifecycleDesk,
  lifecycleFirm,
  opened,
  openLifecycleDesk,
} from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const at = (text: string): Instant => parseInstant(text, 'at');
const friday = at('2026-06-18T21:00:00Z');
const before = at('2026-06-18T19:59:59.999Z');

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
});
afterAll(() => db?.close());
beforeEach(async () => {
  firm = await lifecycleFirm(desk);
});

const apply = (...events: LifecycleEvent[]) => desk.events.execute({ ...firm, source: 'test', events });
const applyFile = (...rows: string[]) =>
  desk.eventFile.execute(
    firm,
    fileOf(
      'events.csv',
      `event,type,effectiveAt,instrument,underlying,account,quantity,price,amount,ratio,newUnderlying,reverses\n${rows.join('\n')}\n`,
    ),
  );
const settlement = (rows: string) => fileOf('settlement.csv', `underlying,price\n${rows}\n`);
const expire = (rows: string, until: Instant = friday) =>
  desk.expiries.execute({ ...firm, at: until, settlement: settlement(rows) });
const account = async (code: string) => (await desk.accounts.findByCode(firm, code))?.id ?? '';
const events = async (code: string) =>
  (await desk.lifecycle.findPage(firm, { accountId: await account(code), first: 50 })).items.map(({ node }) => node);

describe('expiries', () => {
  it('turn into cash, deliver, or lapse; each from its expiry on', async () => {
    await holdPositions(desk, firm, [
      'A1,ALTA-C100,2,',
      'A1,IDX-C5000,1,',
      'A1,ALTA-P100,-3,',
      'A2,ALTA-C100,-2,',
      'A2,IDX-FUT,-4,5050',
    ]);
    const { processed, unprocessed } = await expire('ALTA,105\nIDX,5123.45');
    expect(unprocessed).toEqual([]);
    expect(processed.map(({ id, accounts }) => `${id} ${accounts}`)).toEqual([
      'expiry/IDX-C5000 1',
      'expiry/IDX-FUT 1',
      'expiry/ALTA-C100 2',
      'expiry/ALTA-P100 1',
    ]);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({
      positions: ['ALTA 200'],
      cash: ['-7655 USD'],
    });
    // (5050 − 5123.45) × 4 × 50 from the future, 2 × 100 × 100 received for the shares.
    expect(await bookOf(desk, firm, 'A2', { validAt: friday })).toEqual({
      positions: ['ALTA -200'],
      cash: ['5310 USD'],
    });
    expect(await bookOf(desk, firm, 'A1', { validAt: before })).toEqual({
      positions: ['ALTA-C100 2', 'ALTA-P100 -3'],
      cash: ['12345 USD'],
    });
    expect(await bookOf(desk, firm, 'A1', { validAt: at('2026-06-18T13:29:59Z') })).toMatchObject({ cash: [] });
  });

  it('settle coins in the coin', async () => {
    await holdPositions(desk, firm, ['A3,BTC-C60,10,0.05']);
    await expire('BTC,75000', at('2026-06-26T08:00:00Z'));
    expect(await bookOf(desk, firm, 'A3', { validAt: at('2026-06-27T00:00:00Z') })).toEqual({
      positions: [],
      cash: ['2 BTC'],
    });
  });

  it('without a price stay as they are and are reported, until a price comes', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C100,1,', 'A1,IDX-C5000,1,']);
    const first = await expire('IDX,4900');
    expect(first.processed.map(({ instrumentId }) => instrumentId)).toEqual(['IDX-C5000']);
    expect(first.unprocessed).toEqual([
      expect.objectContaining({
        instrumentId: 'ALTA-C100',
        accountCount: 1,
        reason: expect.stringContaining('PRICE_MISSING'),
      }),
    ]);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toMatchObject({ positions: ['ALTA-C100 1'] });
    expect((await expire('ALTA,99')).processed).toHaveLength(1);
    expect(await expire('ALTA,99')).toEqual({ processed: [], unprocessed: [] });
  });

  it('take the price of a snapshot taken after the expiry, never of one before it', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C100,1,']);
    const market = (time: string) => [
      fileOf('quotes.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\nALTA,103,103.2,103.1,,${time}\n`),
      fileOf(
        'u.csv',
        `underlying,kind,currency,price,rate,dividendYield,timestamp\nALTA,equity,USD,103.1,0.04,0,${time}\n`,
      ),
    ];
    await desk.importMarket.execute(firm, market('2026-06-18T19:00:00Z'));
    const early = await desk.expiries.execute({ ...firm, at: friday });
    expect(early.unprocessed[0]?.reason).toMatch(/^PRICE_STALE: .* latest quote is of 2026-06-18T19:00/);
    await desk.importMarket.execute(firm, market('2026-06-18T20:05:00Z'));
    const { processed } = await desk.expiries.execute({ ...firm, at: friday });
    expect(processed[0]?.price.toFixed()).toBe('103.1');
  });

  it('of a holding that came late are processed as another event at the same name', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C100,1,']);
    await expire('ALTA,105');
    await holdPositions(desk, firm, ['A2,ALTA-C100,-1,']);
    expect((await expire('ALTA,105')).processed.map(({ id }) => id)).toEqual(['expiry/ALTA-C100/2']);
    expect(await bookOf(desk, firm, 'A2', { validAt: friday })).toEqual({
      positions: ['ALTA -100'],
      cash: ['10000 USD'],
    });
  });
});

describe('corrections', () => {
  it('say what was known when: before the event, after it, and after its reversal', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C100,2,3.50']);
    await applyFile('e0,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,');
    const now = async () => {
      const [row] = await db.database.withTenant(firm, (tx) =>
        tx.rows<{ now: Date }>('SELECT current_instant() AS now'),
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
      return (row as { now: Date }).now.getTime() as Instant;
    };
    await new Promise((resolve) => setTimeout(resolve, 5));
    const knewPositions = await now();
    await expire('ALTA,105');
    const knewExpiry = await now();
    await applyFile('fix,reversal,,,,,,,,,,expiry/ALTA-C100');
    const knewReversal = await now();
    const held = { positions: ['ALTA-C100 2'], cash: [] };
    const delivered = { positions: ['ALTA 200'], cash: ['-20000 USD'] };
    expect(await bookOf(desk, firm, 'A1', { validAt: friday, knownAt: knewPositions })).toEqual(held);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday, knownAt: knewExpiry })).toEqual(delivered);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday, knownAt: knewReversal })).toEqual({
      ...held,
      cash: ['0 USD'],
    });
    // The right price now; the series is held again, so it is processed again.
    expect((await expire('ALTA,99')).processed.map(({ id }) => id)).toEqual(['expiry/ALTA-C100/2']);
    expect((await events('A1')).map(({ id, reversedBy }) => [id, reversedBy])).toEqual([
      ['fix', null],
      ['expiry/ALTA-C100/2', null],
      ['expiry/ALTA-C100', 'fix'],
    ]);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({ positions: [], cash: ['0 USD'] });
  });

  it('restore the average price, and refuse to reverse twice or what was built upon', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C90-SEP,3,12.5', 'A1,ALTA,10,']);
    await applyFile('s1,split,2026-06-03T13:30:00Z,,ALTA,,,,,2:1,,', 's2,split,2026-06-04T13:30:00Z,,ALTA,,,,,3:2,,');
    await expect(applyFile('r1,reversal,,,,,,,,,,s1')).rejects.toThrow(/events.csv:2: column event: value "r1": .*s2/);
    await applyFile('r2,reversal,,,,,,,,,,s2', 'r1,reversal,,,,,,,,,,s1');
    const [position] =
      (await desk.positions.findAsOf(firm, [await account('A1')], { validAt: friday }))
        .get(await account('A1'))
        ?.slice(1) ?? [];
    expect(position).toMatchObject({
      instrumentId: 'ALTA-C90-SEP',
      quantity: new Decimal(3),
      averagePrice: new Decimal('12.5'),
    });
    await expect(applyFile('r3,reversal,,,,,,,,,,s1')).rejects.toThrow(/reversed already, by r1/);
    await expect(applyFile('r4,reversal,,,,,,,,,,nope')).rejects.toThrow(/no event nope/);
  });

  it('shift later movements of cash, but not what was stated as a balance', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,']);
    await applyFile('d2,dividend,2026-06-10T13:30:00Z,,ALTA,,,,2,,,');
    await desk.importBalances.execute(
      { ...firm, valueAt: at('2026-06-15T00:00:00Z') },
      fileOf('b.csv', 'account,currency,amount\nA1,USD,5000\n'),
    );
    await applyFile('d3,dividend,2026-06-20T13:30:00Z,,ALTA,,,,3,,,');
    await applyFile('d1,dividend,2026-06-05T13:30:00Z,,ALTA,,,,1,,,');
    const cashAt = async (time: string) => (await bookOf(desk, firm, 'A1', { validAt: at(time) })).cash;
    expect(await cashAt('2026-06-06T00:00:00Z')).toEqual(['100 USD']);
    expect(await cashAt('2026-06-11T00:00:00Z')).toEqual(['300 USD']);
    expect(await cashAt('2026-06-16T00:00:00Z')).toEqual(['5000 USD']);
    expect(await cashAt('2026-06-21T00:00:00Z')).toEqual(['5300 USD']);
  });
});

describe('events of a file', () => {
  it('are applied once, all or none', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C100,5,', 'A2,ALTA-C100,-4,', 'A3,ALTA-C100,-6,']);
    const rows = [
      'x1,exercise,2026-06-10T20:00:00Z,ALTA-C100,,A1,2,,,,,',
      'a1,assignment,2026-06-10T20:00:00Z,ALTA-C100,,,5,,,,,',
      'l1,lapse,2026-06-18T19:00:00Z,ALTA-C100,,A1,1,,,,,',
    ];
    await expect(applyFile(...rows, 'x2,exercise,2026-06-10T20:00:00Z,ALTA-C100,,A2,1,,,,,')).rejects.toThrow(
      'events.csv:5: column event: value "x2": account A2: 1 of ALTA-C100 are not long (held: -2)',
    );
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({ positions: ['ALTA-C100 5'], cash: [] });
    const first = await applyFile(...rows);
    expect(first.events.map(({ id, accounts, isNew }) => [id, accounts, isNew])).toEqual([
      ['x1', 1, true],
      ['a1', 2, true],
      ['l1', 1, true],
    ]);
    expect((await applyFile(...rows)).events.map(({ isNew }) => isNew)).toEqual([false, false, false]);
    await expect(applyFile('x1,exercise,2026-06-10T20:00:00Z,ALTA-C100,,A1,3,,,,,')).rejects.toThrow(
      /applied with other terms/,
    );
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({
      positions: ['ALTA 200', 'ALTA-C100 2'],
      cash: ['-20000 USD'],
    });
    // 5 of 10 pro rata over 4 and 6.
    expect(await bookOf(desk, firm, 'A2', { validAt: friday })).toEqual({
      positions: ['ALTA -200', 'ALTA-C100 -2'],
      cash: ['20000 USD'],
    });
    expect(await bookOf(desk, firm, 'A3', { validAt: friday })).toEqual({
      positions: ['ALTA -300', 'ALTA-C100 -3'],
      cash: ['30000 USD'],
    });
    expect((await events('A1')).map(({ id, effects }) => [id, effects.length])).toEqual([
      ['l1', 1],
      ['x1', 3],
    ]);
  });

  it('split, rename and merge contracts into new ones that deliver what they should', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,', 'A1,ALTA-C90-SEP,-2,20', 'A2,ALTA,-40,']);
    await applyFile(
      'split,split,2026-06-03T13:30:00Z,,ALTA,,,,,3:2,,',
      'name,symbol-change,2026-06-04T13:30:00Z,,ALTA,,,,,,BETA,',
      'merger,merger,2026-06-05T13:30:00Z,,BETA,,,,10,0.5,GAMA,',
    );
    const validAt = at('2026-07-01T00:00:00Z');
    expect(await bookOf(desk, firm, 'A1', { validAt })).toEqual({
      positions: ['BETA-C90-SEP.A2 -2', 'GAMA 75'],
      cash: ['1500 USD'],
    });
    expect(await bookOf(desk, firm, 'A2', { validAt })).toEqual({ positions: ['GAMA -30'], cash: ['-600 USD'] });
    const found = await desk.instruments.findByIds(firm, ['ALTA-C90-SEP.A1', 'BETA-C90-SEP.A1', 'BETA-C90-SEP.A2']);
    expect(found.get('ALTA-C90-SEP.A1')).toMatchObject({
      strike: new Decimal(60),
      multiplier: new Decimal(150),
      adjustedFrom: 'ALTA-C90-SEP',
    });
    expect(found.get('BETA-C90-SEP.A2')).toMatchObject({
      underlying: 'GAMA',
      strike: new Decimal(100),
      multiplier: new Decimal(75),
      adjustedFrom: 'BETA-C90-SEP.A1',
      deliverable: { components: [{ instrumentId: 'GAMA', quantity: new Decimal(75) }], cash: new Decimal(1500) },
    });
    await expect(applyFile('x,exercise,2026-08-03T20:00:00Z,BETA-C90-SEP.A2,,A1,1,,,,,')).rejects.toThrow(/not long/);
    await applyFile('a,assignment,2026-08-03T20:00:00Z,BETA-C90-SEP.A2,,A1,2,,,,,');
    // Two contracts hand over 150 shares against 2 × 75 × 100.
    expect(await bookOf(desk, firm, 'A1', { validAt: at('2026-08-04T00:00:00Z') })).toEqual({
      positions: ['GAMA -75'],
      cash: ['16500 USD'],
    });
  });

  it('pay a dividend to who held before the day', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,300,', 'A2,ALTA,-40,']);
    await holdPositions(desk, firm, ['A3,ALTA,500,'], at('2026-06-10T13:30:00Z'));
    await applyFile('d,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1.25,,,');
    const validAt = at('2026-06-11T00:00:00Z');
    expect((await bookOf(desk, firm, 'A1', { validAt })).cash).toEqual(['375 USD']);
    expect((await bookOf(desk, firm, 'A2', { validAt })).cash).toEqual(['-50 USD']);
    expect((await bookOf(desk, firm, 'A3', { validAt })).cash).toEqual([]);
  });

  it('settle futures daily and finally without counting twice', async () => {
    await holdPositions(desk, firm, ['A1,IDX-FUT,2,5000']);
    await applyFile(
      'm1,daily-settlement,2026-06-16T21:00:00Z,IDX-FUT,,,,5040,,,,',
      'm2,daily-settlement,2026-06-17T21:00:00Z,IDX-FUT,,,,5010,,,,',
    );
    await expire('IDX,5100');
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({ positions: [], cash: ['10000 USD'] });
  });

  it.each([
    ['an unknown contract', 'e,expiry,2026-06-18T20:00:00Z,NOPE,,,,100,,,,', /no instrument NOPE/],
    ['an unknown account', 'e,exercise,2026-06-10T20:00:00Z,ALTA-C100,,ZZ,1,,,,,', /no account ZZ/],
    ['an unknown underlying', 'e,split,2026-06-10T20:00:00Z,,NOPE,,,,,2:1,,', /no underlying NOPE/],
    ['an expiry before its time', 'e,expiry,2026-06-18T19:00:00Z,ALTA-C100,,,,100,,,,', /expires later/],
    ['a European option exercised early', 'e,exercise,2026-06-10T20:00:00Z,IDX-C5000,,A1,1,5100,,,,', /European/],
    [
      'a cash settlement without a price',
      'e,assignment,2026-06-18T13:30:00Z,IDX-C5000,,A1,1,,,,,',
      /settlement price is needed/,
    ],
    ['more assigned than short', 'e,assignment,2026-06-10T20:00:00Z,ALTA-C100,,,9,,,,,', /more than the 0/],
    [
      'parts of contracts',
      'e,exercise,2026-06-10T20:00:00Z,ALTA-C100,,A1,1.5,,,,,',
      /column quantity: value "1.5": expected whole contracts/,
    ],
    [
      'a foreign column',
      'e,dividend,2026-06-10T20:00:00Z,ALTA-C100,ALTA,,,,1,,,',
      /column instrument: .*must be empty when type is dividend/,
    ],
    ['a ratio that is none', 'e,split,2026-06-10T20:00:00Z,,ALTA,,,,,0:1,,', /column ratio: value "0:1"/],
    ['a type that is none', 'e,gossip,2026-06-10T20:00:00Z,,,,,,,,,', /column type: value "gossip"/],
  ])('refuse %s and store nothing', async (_, row, message) => {
    await holdPositions(desk, firm, ['A1,ALTA,100,', 'A1,ALTA-C100,3,', 'A1,IDX-C5000,1,']);
    await expect(applyFile(row)).rejects.toThrow(message);
    expect(await desk.lifecycle.findById(firm, 'e')).toBeNull();
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toMatchObject({ cash: [] });
  });
});

describe('calendars of a firm', () => {
  it('get a new version when a holiday is moved, and leave an orphan that is reported', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C90-SEP,1,']);
    const moved = fileOf(
      'calendar.csv',
      'calendar,date,change,name\nUS-EQUITY-OPTIONS,2026-09-18,holiday,Day of mourning\n',
    );
    expect(await desk.amendCalendar.findOrphans({ ...firm, at: opened })).toEqual([]);
    const { calendars, orphans } = await desk.amendCalendar.execute({ ...firm, at: opened }, moved);
    expect(calendars).toEqual([{ id: 'US-EQUITY-OPTIONS', version: 2, isNew: true }]);
    expect(orphans).toEqual([
      expect.objectContaining({
        instrumentId: 'ALTA-C90-SEP',
        accountCount: 1,
        reason: expect.stringContaining('CAL_ORPHAN: expiry on 2026-09-18'),
      }),
    ]);
    expect((await desk.amendCalendar.execute({ ...firm, at: opened }, moved)).calendars[0]).toMatchObject({
      version: 2,
      isNew: false,
    });
    const other = await lifecycleFirm(desk);
    expect((await desk.calendars.findLatest(other)).get('US-EQUITY-OPTIONS')?.version).toBe(1);
  });
});

describe('the record of events', () => {
  it('shows a firm, and an account-limited caller, only its own', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,', 'A2,ALTA,100,']);
    await apply({
      id: 'd',
      type: 'dividend',
      underlying: 'ALTA',
      effectiveAt: at('2026-06-10T13:30:00Z'),
      amount: new Decimal(1),
    });
    const stranger = await lifecycleFirm(desk);
    expect(await desk.lifecycle.findById(stranger, 'd')).toBeNull();
    const own = { firmId: firm.firmId, accountIds: [await account('A1')] };
    expect([...(await desk.lifecycle.findEffects(own, 'd')).keys()]).toEqual([await account('A1')]);
    expect((await desk.lifecycle.findPage(own, { accountId: await account('A2'), first: 5 })).items).toEqual([]);
  });

  it('is append-only', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,']);
    await applyFile('d,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,');
    for (const table of ['lifecycle_events', 'lifecycle_effects', 'calendar_changes']) {
      for (const statement of [
        `DELETE FROM ${table}`,
        `UPDATE ${table} SET firm_id = firm_id`,
        `TRUNCATE ${table} CASCADE`,
      ]) {
        await expect(db.database.withTenant(firm, (tx) => tx.execute(statement))).rejects.toThrow();
      }
    }
  });

  it('pages, the latest first', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,']);
    await applyFile(...[1, 2, 3].map((day) => `d${day},dividend,2026-06-1${day}T13:30:00Z,,ALTA,,,,${day},,,`));
    const accountId = await account('A1');
    const first = await desk.lifecycle.findPage(firm, { accountId, first: 2 });
    expect([first.items.map(({ node }) => node.id), first.hasNextPage]).toEqual([['d3', 'd2'], true]);
    const rest = await desk.lifecycle.findPage(firm, { accountId, first: 2, after: first.items[1]?.cursor });
    expect([rest.items.map(({ node }) => node.id), rest.hasNextPage]).toEqual([['d1'], false]);
  });
});
