import { type Instant, parseInstant } from '@ballast/domain';
import { CalendarStore, FeedStore, HistoryChainStore, RequirementStore } from '@ballast/persistence';
import {
  ExpiryExposureStores,
  type ImportContext,
  LifecycleBook,
  ParameterSetsInEffect,
  ReportExpiryExposure,
} from '@ballast/use-cases';
import { openReplay, openRunInputs, openRunMargin } from '../support/run-engine';
import { fileOf } from '../support/import-desk';
import { bookOf, holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const at = (text: string): Instant => parseInstant(text, 'at');

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
});
afterAll(() => db?.close());
beforeEach(async () => {
  firm = await lifecycleFirm(desk);
});

/** A market in which the share has a price and every named option a volatility of 30 %. */
async function market(price: string, time: string, ...options: string[]): Promise<void> {
  const quotes = ['ALTA', ...options].map((id) =>
    id === 'ALTA' ? `ALTA,,,${price},,${time}` : `${id},,,,0.3,${time}`,
  );
  await desk.importMarket.execute(firm, [
    fileOf('quotes.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\n${quotes.join('\n')}\n`),
    fileOf(
      'u.csv',
      `underlying,kind,currency,price,rate,dividendYield,timestamp\nALTA,equity,USD,${price},0,0,${time}\n`,
    ),
  ]);
}

async function figures(code: string, asOf: string) {
  await openRunMargin(db.database).execute({ firmId: firm.firmId, asOf: at(asOf), requestedBy: 'test' });
  const id = (await desk.accounts.findByCode(firm, code))?.id ?? '';
  const found = (await new RequirementStore(db.database).findLatest(firm, [id], {})).get(id);
  return {
    maintenance: found?.maintenanceRequirement?.amount.toFixed(2),
    equity: found?.equity?.amount.toFixed(2),
    collateral: found?.collateralValue?.amount.toFixed(2),
    buffer: found?.buffer?.amount.toFixed(2),
    quality: found?.quality,
    reasons: found?.qualityReasons,
    runId: found?.runId ?? '',
  };
}

const balance = (amount: string) =>
  desk.importBalances.execute(
    { ...firm, valueAt: at('2026-06-01T00:00:00Z') },
    fileOf('b.csv', `account,currency,amount\nA1,USD,${amount}\n`),
  );
async function pledge(...rows: string[]): Promise<void> {
  const since = at('2026-06-01T00:00:00Z');
  const haircuts = fileOf('h.csv', 'assetClass,haircut\nShares,0.25\n');
  await desk.importHaircuts.execute({ ...firm, effectiveFrom: since }, [haircuts]);
  const file = fileOf('c.csv', `account,asset,kind,assetClass,quantity,price,currency\n${rows.join('\n')}\n`);
  await desk.importCollateral.execute({ ...firm, mode: 'REPLACE', validFrom: since }, file);
}

async function pledgesOf(code: string, time: string, knownAt?: Instant): Promise<readonly string[]> {
  const id = (await desk.accounts.findByCode(firm, code))?.id ?? '';
  const moment = { validAt: at(time), ...(knownAt === undefined ? {} : { knownAt }) };
  const found = (await desk.collateral.findAsOf(firm, [id], moment)).get(id) ?? [];
  return found.map(({ asset, quantity }) => `${asset} ${quantity.toFixed()}`);
}

/** The time by the database's clock, before anything that is recorded from now on. */
async function now(): Promise<Instant> {
  const rows = await db.database.withTenant(firm, (tx) =>
    tx.rows<{ now: Date }>(`SELECT current_instant() AS now, pg_sleep(0.005)`),
  );
  return rows[0]?.now.getTime() as Instant;
}

const reverse = (id: string, reversedEventId: string) =>
  desk.events.execute({
    ...firm,
    source: 'test',
    events: [{ id, type: 'reversal', effectiveAt: at('2026-06-11T00:00:00Z'), reversedEventId }],
  });
const applyFile = (row: string) =>
  desk.eventFile.execute(firm, fileOf('e.csv', `event,type,effectiveAt,underlying,ratio\n${row}\n`));

describe('margin over the life of contracts', () => {
  it.each([
    ['3:2', '70', 'A1,ALTA-C90-SEP,-4,'],
    ['7:1', '15', 'A1,ALTA-C90-SEP,-4,'],
    ['1:5', '525', 'A1,ALTA-C90-SEP,6,'],
  ])('a split %s leaves requirement and equity as they were, to the cent', async (ratio, price, row) => {
    await balance('50000');
    await holdPositions(desk, firm, [row, 'A1,ALTA,210,']);
    await market('105', '2026-06-02T20:00:00Z', 'ALTA-C90-SEP');
    const before = await figures('A1', '2026-06-02T20:00:00Z');
    await applyFile(`s,split,2026-06-02T20:00:00.001Z,ALTA,${ratio}`);
    await market(price, '2026-06-02T20:00:00.001Z', 'ALTA-C90-SEP.A1');
    const after = await figures('A1', '2026-06-02T20:00:00.001Z');
    expect(before.quality).not.toBe('INDETERMINATE');
    expect(Number(before.maintenance)).toBeGreaterThan(1000);
    expect(after).toMatchObject({ quality: before.quality, reasons: before.reasons });
    expect((await new FeedStore(db.database).findLast(firm, 'market'))?.state).toMatchObject({
      mode: 'LIVE',
      badUnderlyings: [],
    });
    expect(Math.abs(Number(after.maintenance) - Number(before.maintenance))).toBeLessThanOrEqual(0.0101);
    expect(Math.abs(Number(after.equity) - Number(before.equity))).toBeLessThanOrEqual(0.0101);
  });

  it('without a recorded split the same fall is a spike', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,210,']);
    await market('105', '2026-06-02T20:00:00Z');
    await market('15', '2026-06-02T20:00:00.001Z');
    expect(await figures('A1', '2026-06-02T20:00:00.001Z')).toMatchObject({
      quality: 'DEGRADED',
      reasons: expect.arrayContaining(['Q_SPIKE: ALTA']) as unknown,
    });
  });

  it.each([
    ['7:1', '105'],
    ['7:1', '100'],
    ['3:2', '100.01'],
    ['1:6', '100'],
  ])(
    'between a split %s and the first price after it nothing is worth more or less than before, at %s',
    async (ratio, price) => {
      await balance('50000');
      await holdPositions(desk, firm, ['A1,ALTA-C90-SEP,-6,', 'A1,ALTA,210,']);
      await market(price, '2026-06-02T20:00:00Z', 'ALTA-C90-SEP');
      const before = await figures('A1', '2026-06-02T20:00:00Z');
      expect(before.quality).toBe('OK');
      await applyFile(`s,split,2026-06-02T20:00:00.001Z,ALTA,${ratio}`);
      const between = await figures('A1', '2026-06-02T20:00:01Z');
      expect(between.quality).toBe('DEGRADED');
      expect(between.reasons?.[0]).toBe(
        `PRICE_STALE: ALTA was split ${ratio} at 2026-06-02T20:00:00.001Z, after its price of 2026-06-02T20:00:00.000Z, which is divided by the split until a new one arrives`,
      );
      expect(between.equity).toBe(before.equity);
      expect(Math.abs(Number(between.maintenance) - Number(before.maintenance))).toBeLessThanOrEqual(0.0101);
      // A replay of that run reads the same splits and finds the same bits.
      const report = await openReplay(db.database).execute({ firmId: firm.firmId, runId: between.runId });
      expect(report.differenceCount).toBe(0);
    },
  );

  it.each([
    ['7:1', '105.01', '15'],
    ['3:2', '105', '70'],
    ['1:6', '100', '600'],
  ])(
    'a split %s of pledged shares moves no figure, before the first price after it nor with it',
    async (ratio, price, next) => {
      await balance('20000');
      await holdPositions(desk, firm, ['A1,ALTA-C90-SEP,-6,', 'A1,ALTA,210,']);
      await pledge('A1,ALTA,security,Shares,101,,', 'A1,ALTA-OWN,security,Shares,50,99.99,USD');
      await market(price, '2026-06-02T20:00:00Z', 'ALTA-C90-SEP');
      const before = await figures('A1', '2026-06-02T20:00:00Z');
      // 101 × price × 0.75, and 50 × 99.99 × 0.75.
      const pledged = [101 * Number(price), 50 * 99.99].reduce((sum, gross) => sum + 0.75 * gross, 0);
      expect(Math.abs(Number(before.collateral) - pledged)).toBeLessThanOrEqual(0.0101);
      expect(before.quality).toBe('OK');
      await applyFile(`s,split,2026-06-02T20:00:00.001Z,ALTA,${ratio}`);
      const between = await figures('A1', '2026-06-02T20:00:01Z');
      expect(between).toMatchObject({ equity: before.equity, collateral: before.collateral });
      for (const figure of ['maintenance', 'buffer'] as const)
        expect(Math.abs(Number(between[figure]) - Number(before[figure]))).toBeLessThanOrEqual(0.0101);
      if (price === '105.01') return;
      await market(next, '2026-06-02T20:00:02Z', 'ALTA-C90-SEP.A1');
      const after = await figures('A1', '2026-06-02T20:00:02Z');
      expect(after).toMatchObject({ equity: before.equity, collateral: before.collateral, quality: 'OK' });
      const replay = await openReplay(db.database).execute({ firmId: firm.firmId, runId: between.runId });
      expect(replay.differenceCount).toBe(0);
    },
  );

  it.each(['dividend', 'special-dividend'])(
    'a %s on pledged shares is paid as on held ones: equity moves by nothing but the market, to the cent',
    async (type) => {
      await balance('20000');
      await holdPositions(desk, firm, ['A2,ALTA,101,']);
      const since = at('2026-06-01T00:00:00Z');
      await desk.importHaircuts.execute({ ...firm, effectiveFrom: since }, [
        fileOf('h.csv', 'assetClass,haircut\nFull,0\nShares,0.25\n'),
      ]);
      const rows = [
        'A1,ALTA,security,Full,101,,',
        'A3,ALTA,security,Shares,40,,',
        'A3,ALTA-OWN,security,Full,10,105,USD',
      ];
      const header = 'account,asset,kind,assetClass,quantity,price,currency';
      const file = fileOf('c.csv', `${header}\n${rows.join('\n')}\n`);
      const terms = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
      await desk.importInstruments.execute(firm, [fileOf('i.csv', `${terms}\nALTA-OWN,underlying,ALTA,,,,,1,USD,,\n`)]);
      await desk.importCollateral.execute({ ...firm, mode: 'REPLACE', validFrom: since }, file);
      await market('105', '2026-06-02T20:00:00Z');
      const codes = ['A1', 'A2', 'A3'] as const;
      const eve = [];
      for (const code of codes) eve.push(await figures(code, '2026-06-02T20:00:00Z'));
      expect(eve.map(({ equity }) => equity)).toEqual(['30605.00', '10605.00', '4200.00']);
      const [event] = (
        await desk.eventFile.execute(
          firm,
          fileOf('e.csv', `event,type,effectiveAt,underlying,amount\nd,${type},2026-06-03T13:30:00Z,ALTA,1.37\n`),
        )
      ).events;
      expect(event).toMatchObject({ accounts: 3, positionsChanged: 0, collateralChanged: 1 });
      // 105 − 1.37 and not a cent of another move.
      await market('103.63', '2026-06-03T14:00:00Z');
      const day = [];
      for (const code of codes) day.push(await figures(code, '2026-06-03T14:00:00Z'));
      // A3: a quarter of 40 × 1.37 was not counted while it was in the price, 13.70; as cash it counts.
      expect(day.map(({ equity }) => equity)).toEqual(['30605.00', '10605.00', '4213.70']);
      expect(day[0]?.collateral).toBe('10466.63');
      expect((await bookOf(desk, firm, 'A1', { validAt: at('2026-06-03T13:30:00Z') })).cash).toEqual(['20138.37 USD']);
      const replay = await openReplay(db.database).execute({ firmId: firm.firmId, runId: day[0]?.runId ?? '' });
      expect(replay.differenceCount).toBe(0);
      await reverse('r', 'd');
      const undone = [];
      for (const code of codes) undone.push((await figures(code, '2026-06-03T14:00:00Z')).equity);
      expect(undone).toEqual(['30466.63', '10466.63', '4158.90']);
      expect((await new HistoryChainStore(db.database).verify({ firmId: firm.firmId })).breaks).toEqual([]);
    },
  );

  it('shares pledged by ISIN follow the underlying of the instrument that names it: price, split, dividend', async () => {
    const isin = 'US02079K3059';
    const terms = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
    await pledge(`A1,${isin},security,Shares,100,,`);
    await market('105', '2026-06-02T20:00:00Z');
    const unmatched = await figures('A1', '2026-06-02T20:00:00Z');
    expect(unmatched).toMatchObject({ quality: 'INDETERMINATE' });
    await now();
    await desk.importInstruments.execute(firm, [fileOf('i.csv', `${terms}\n${isin},underlying,ALTA,,,,,1,USD,,\n`)]);
    const matched = await figures('A1', '2026-06-02T20:00:00Z');
    // 100 × 105 × 0.75.
    expect(matched).toMatchObject({ collateral: '7875.00', equity: '7875.00', quality: 'OK' });
    for (const { runId } of [unmatched, matched]) {
      const replay = await openReplay(db.database).execute({ firmId: firm.firmId, runId });
      expect(replay.differenceCount).toBe(0);
    }
    await applyFile('s,split,2026-06-03T13:30:00Z,ALTA,7:1');
    expect(await pledgesOf('A1', '2026-06-03T13:30:00Z')).toEqual([`${isin} 700`]);
    expect(await figures('A1', '2026-06-03T13:30:00Z')).toMatchObject({ collateral: '7875.00' });
    const header = 'event,type,effectiveAt,underlying,amount';
    await desk.eventFile.execute(firm, fileOf('e.csv', `${header}\nd,dividend,2026-06-04T13:30:00Z,ALTA,0.5\n`));
    expect((await bookOf(desk, firm, 'A1', { validAt: at('2026-06-04T13:30:00Z') })).cash).toEqual(['350 USD']);
  });

  it('a dividend goes to who pledged before the day, also where the pledge is released that day', async () => {
    await pledge('A1,ALTA,security,Shares,100,,');
    const day = at('2026-06-03T13:30:00Z');
    const rows = 'account,asset,kind,assetClass,quantity\nA1,ALTA,security,Shares,0\nA2,ALTA,security,Shares,100\n';
    await desk.importCollateral.execute({ ...firm, mode: 'MERGE', validFrom: day }, fileOf('m.csv', rows));
    const header = 'event,type,effectiveAt,underlying,amount';
    await desk.eventFile.execute(firm, fileOf('e.csv', `${header}\nd,dividend,2026-06-03T13:30:00Z,ALTA,2\n`));
    expect((await bookOf(desk, firm, 'A1', { validAt: day })).cash).toEqual(['200 USD']);
    expect((await bookOf(desk, firm, 'A2', { validAt: day })).cash).toEqual([]);
  });

  it('a split learnt of late corrects what is pledged since then, once, and can be taken back', async () => {
    await pledge('A1,ALTA,security,Shares,100,,', 'A2,ALTA,security,Shares,30,,');
    await market('105', '2026-06-02T20:00:00Z');
    await figures('A1', '2026-06-05T20:00:00Z');
    const known = await now();
    await applyFile('s,split,2026-06-03T13:30:00Z,ALTA,7:1');
    const [first] = (await applyFile('s,split,2026-06-03T13:30:00Z,ALTA,7:1')).events;
    expect(first).toMatchObject({ isNew: false });
    expect(await pledgesOf('A1', '2026-06-03T13:29:59.999Z')).toEqual(['ALTA 100']);
    expect(await pledgesOf('A1', '2026-06-03T13:30:00Z')).toEqual(['ALTA 700']);
    expect(await pledgesOf('A2', '2026-06-10T00:00:00Z')).toEqual(['ALTA 210']);
    expect(await pledgesOf('A1', '2026-06-10T00:00:00Z', known)).toEqual(['ALTA 100']);
    expect(await figures('A1', '2026-06-05T20:00:00Z')).toMatchObject({ collateral: '7875.00', equity: '7875.00' });
    const id = (await desk.accounts.findByCode(firm, 'A1'))?.id ?? '';
    const { items } = await desk.lifecycle.findPage(firm, { accountId: id, first: 5 });
    expect(items[0]?.node.effects).toMatchObject([{ kind: 'collateral', asset: 'ALTA' }]);
    await reverse('r', 's');
    expect(await pledgesOf('A1', '2026-06-10T00:00:00Z')).toEqual(['ALTA 100']);
    expect(await figures('A1', '2026-06-05T20:00:00Z')).toMatchObject({ collateral: '7875.00' });
    // A later event on the same shares must go first.
    await applyFile('t,split,2026-06-04T13:30:00Z,ALTA,2:1');
    await expect(applyFile('u,split,2026-06-03T20:00:00Z,ALTA,3:1')).rejects.toThrow(/event t took effect later/);
    expect(await pledgesOf('A1', '2026-06-10T00:00:00Z')).toEqual(['ALTA 200']);
    expect((await new HistoryChainStore(db.database).verify({ firmId: firm.firmId })).breaks).toEqual([]);
  });

  it('two splits taken back, the later first, leave what was held and pledged, then and now', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,10,']);
    await pledge('A1,ALTA,security,Shares,100,,');
    await applyFile('s,split,2026-06-03T13:30:00Z,ALTA,7:1');
    await applyFile('t,split,2026-06-04T13:30:00Z,ALTA,2:1');
    await reverse('r1', 't');
    await reverse('r2', 's');
    for (const time of ['2026-06-03T20:00:00Z', '2026-06-10T00:00:00Z']) {
      expect(await pledgesOf('A1', time)).toEqual(['ALTA 100']);
      expect((await bookOf(desk, firm, 'A1', { validAt: at(time) })).positions).toEqual(['ALTA 10']);
    }
    // Again, behind what was taken back.
    await applyFile('u,split,2026-06-03T13:30:00Z,ALTA,3:1');
    expect(await pledgesOf('A1', '2026-06-10T00:00:00Z')).toEqual(['ALTA 300']);
  });

  it('a merger turns pledged shares into those of the other company and cash, and back when it is taken back', async () => {
    await pledge('A1,ALTA,security,Shares,100,,');
    const merger = 'm,merger,2026-06-03T13:30:00Z,ALTA,0.5,NEW,10';
    const header = 'event,type,effectiveAt,underlying,ratio,newUnderlying,amount';
    const { events } = await desk.eventFile.execute(firm, fileOf('m.csv', `${header}\n${merger}\n`));
    expect(events[0]).toMatchObject({ accounts: 1, positionsChanged: 0, collateralChanged: 2 });
    const [eve, day] = ['2026-06-03T13:29:59.999Z', '2026-06-03T13:30:00Z'] as const;
    expect([await pledgesOf('A1', eve), await pledgesOf('A1', day)]).toEqual([['ALTA 100'], ['NEW 50']]);
    expect((await bookOf(desk, firm, 'A1', { validAt: at(day) })).cash).toEqual(['1000 USD']);
    await reverse('r', 'm');
    expect(await pledgesOf('A1', day)).toEqual(['ALTA 100']);
    expect((await bookOf(desk, firm, 'A1', { validAt: at(day) })).cash).toEqual(['0 USD']);
  });

  it('shares held alone keep their value when the price between is no finite fraction', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,1000,', 'A2,ALTA,-1000,']);
    await market('100', '2026-06-02T20:00:00Z');
    const before = [await figures('A1', '2026-06-02T20:00:00Z'), await figures('A2', '2026-06-02T20:00:00Z')];
    await applyFile('s,split,2026-06-02T20:00:00.001Z,ALTA,7:1');
    const between = [await figures('A1', '2026-06-02T20:00:01Z'), await figures('A2', '2026-06-02T20:00:01Z')];
    expect(between.map(({ equity }) => equity)).toEqual(before.map(({ equity }) => equity));
    expect(between.map(({ equity }) => equity)).toEqual(['100000.00', '-100000.00']);
  });

  it('an expiry that is not processed makes the account indeterminate and says so; processing it mends that', async () => {
    await balance('50000');
    await holdPositions(desk, firm, ['A1,ALTA-C100,-2,']);
    await market('105', '2026-06-18T20:30:00Z');
    const open = await figures('A1', '2026-06-18T20:30:00Z');
    expect(open).toMatchObject({ quality: 'INDETERMINATE', maintenance: undefined, equity: undefined });
    expect(open.reasons).toEqual([expect.stringMatching(/^INSTRUMENT_EXPIRED: position in ALTA-C100/)]);
    expect((await desk.expiries.execute({ ...firm, at: at('2026-06-18T20:30:00Z') })).unprocessed).toEqual([]);
    // Short 200 shares at 105 against 20000 received: −21000 + 70000.
    expect(await figures('A1', '2026-06-18T20:30:00Z')).toMatchObject({ quality: 'OK', equity: '49000.00' });
  });
});

describe('expiry-day exposure', () => {
  it('tells cash, deliveries, resulting holdings, required cash and the buffer after', async () => {
    await balance('15000');
    await holdPositions(desk, firm, ['A1,ALTA-P100,-2,', 'A1,ALTA-C100,-1,', 'A1,ALTA,50,', 'A2,ALTA-C90-SEP,1,']);
    await market('90', '2026-06-18T14:00:00Z', 'ALTA-P100', 'ALTA-C100', 'ALTA-C90-SEP');
    const book = new LifecycleBook(desk.accounts, desk.instruments, desk.positions, desk.holders, desk.collateral);
    const stores = new ExpiryExposureStores(desk.snapshots, new CalendarStore(db.database));
    const sets = new ParameterSetsInEffect(desk.parameterSets);
    const report = new ReportExpiryExposure(db.database, stores, book, openRunInputs(db.database), sets);
    const { accounts } = await report.execute({ firmId: firm.firmId, date: '2026-06-18', pinBand: 0.01 });
    expect(accounts.map(({ account }) => account.code)).toEqual(['A1']);
    const [a1] = accounts;
    expect(
      a1?.series.map(({ instrument, moneyness, consequence, cash }) => [
        instrument.id,
        moneyness,
        consequence,
        cash?.toFixed(),
      ]),
    ).toEqual([
      ['ALTA-C100', 'out', 'lapse', '0'],
      ['ALTA-P100', 'in', 'physical', '-20000'],
    ]);
    expect(a1?.requiredCash.map(({ amount }) => amount.toFixed())).toEqual(['20000']);
    expect(
      a1?.resulting.map(
        ({ instrumentId, before, after }) => `${instrumentId} ${before.toFixed()} → ${after.toFixed()}`,
      ),
    ).toEqual(['ALTA 50 → 250']);
    // 15000 − 20000 in cash, 250 shares at 90; TIMS: 15 % of 22500.
    expect(a1?.after).toMatchObject({ status: 'HEALTHY' });
    expect([a1?.after.equity?.amount.toFixed(2), a1?.after.buffer?.amount.toFixed(2)]).toEqual([
      '17500.00',
      '14125.00',
    ]);
    // What is processed already is still seen.
    await desk.expiries.execute({
      ...firm,
      at: at('2026-06-18T21:00:00Z'),
      settlement: fileOf('s.csv', 'underlying,price\nALTA,90\n'),
    });
    const again = await report.execute({ firmId: firm.firmId, date: '2026-06-18', pinBand: 0.12 });
    expect(again.accounts[0]?.series.map(({ moneyness }) => moneyness)).toEqual(['near', 'near']);
    await expect(report.execute({ firmId: firm.firmId, date: '2026-06-18', pinBand: -1 })).rejects.toThrow(/pinBand/);
  });
});
