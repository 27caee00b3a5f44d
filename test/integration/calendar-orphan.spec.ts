import { type Instant, parseInstant } from '@ballast/domain';
import { MarketSnapshotStore, RequirementStore } from '@ballast/persistence';
import type { ImportContext } from '@ballast/use-cases';
import { openRunMargin } from '../support/api-world';
import { fileOf } from '../support/import-desk';
import { holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
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
  await holdPositions(desk, firm, ['A1,ALTA-C100,-100,', 'A2,ALTA-C90-SEP,1,']);
  await desk.importBalances.execute(
    { ...firm, valueAt: at('2026-06-01T00:00:00Z') },
    fileOf('b.csv', 'account,currency,amount\nA1,USD,900000\nA2,USD,50000\n'),
  );
});

async function market(price: string, time: string) {
  const options = ['ALTA-C100', 'ALTA-C90-SEP'].map((id) => `${id},,,,0.3,${time}`);
  const quotes = `instrument,bid,ask,mark,impliedVolatility,timestamp\n${options.join('\n')}\n`;
  const underlying = `underlying,kind,currency,price,rate,dividendYield,timestamp\nALTA,equity,USD,${price},0,0,${time}\n`;
  return desk.importMarket.execute(firm, [fileOf('quotes.csv', quotes), fileOf('u.csv', underlying)]);
}

async function figures(code: string, asOf: string) {
  await openRunMargin(db.database).execute({ firmId: firm.firmId, asOf: at(asOf), requestedBy: 'test' });
  const id = (await desk.accounts.findByCode(firm, code))?.id ?? '';
  return (await new RequirementStore(db.database).findLatest(firm, [id], {})).get(id);
}

/** The bank holiday is moved onto the expiry of ALTA-C100, as on the LME in March 2022. */
const moveHoliday = () =>
  desk.amendCalendar.execute(
    { ...firm, at: at('2026-06-02T20:00:00Z') },
    fileOf('c.csv', 'calendar,date,change,name\nUS-EQUITY-OPTIONS,2026-06-18,holiday,moved bank holiday\n'),
  );

describe('a holiday that is moved onto the expiry of a held series', () => {
  it('orphans the series: runs on the old snapshot say so, and only to who holds it', async () => {
    const clean = await market('105', '2026-06-02T20:00:00Z');
    expect(clean.flagCounts).not.toHaveProperty('CAL_ORPHAN');
    const before = await figures('A1', '2026-06-02T20:00:00Z');
    expect(before).toMatchObject({ quality: 'OK' });
    const { orphans } = await moveHoliday();
    expect(orphans.map(({ instrumentId, accountCount }) => [instrumentId, accountCount])).toEqual([['ALTA-C100', 1]]);
    const orphaned = await figures('A1', '2026-06-02T20:00:01Z');
    expect(orphaned?.quality).toBe('DEGRADED');
    expect(orphaned?.qualityReasons).toContain('CAL_ORPHAN: ALTA-C100');
    const maintenance = (figure: typeof before) => Number(figure?.maintenanceRequirement?.amount);
    expect(maintenance(orphaned)).toBeGreaterThanOrEqual(maintenance(before));
    expect((await figures('A2', '2026-06-02T20:00:01Z'))?.quality).toBe('OK');
  });

  it('flags the next snapshot, and the release gate stops what a wrong prompt price does to the requirement', async () => {
    await market('105', '2026-06-02T20:00:00Z');
    const before = await figures('A1', '2026-06-02T20:00:00Z');
    await moveHoliday();
    const flagged = await market('160', '2026-06-03T20:00:00Z');
    expect(flagged.flagCounts).toMatchObject({ CAL_ORPHAN: 1 });
    const { snapshot } = (await new MarketSnapshotStore(db.database).load(firm, flagged.snapshot.id)) ?? {};
    expect(snapshot?.instruments.get('ALTA-C100')?.flags).toContain('CAL_ORPHAN');
    expect(snapshot?.instruments.get('ALTA-C90-SEP')?.flags).not.toContain('CAL_ORPHAN');
    const held = await figures('A1', '2026-06-03T20:00:00Z');
    expect(held?.quality).toBe('HELD');
    expect(held?.qualityReasons).toContain('CAL_ORPHAN: ALTA-C100');
    expect(held?.status).toBe(before?.status);
  });
});

describe('an early close that is added later', () => {
  const amend = (line: string) =>
    desk.amendCalendar.execute(
      { ...firm, at: at('2026-06-02T20:00:00Z') },
      fileOf('c.csv', `calendar,date,change,name,close\n${line}\n`),
    );

  it('names the held series that are fixed earlier than their contracts state, once', async () => {
    const early = 'US-EQUITY-OPTIONS,2026-06-18,early-close,power failure,13:00';
    const { moved, orphans } = await amend(early);
    expect(orphans).toEqual([]);
    expect(moved).toMatchObject([{ instrumentId: 'ALTA-C100', accountCount: 1 }]);
    expect(moved[0]?.reason).toMatch(
      /version 2 fixes series of 2026-06-18 at 2026-06-18T17:00:00.000Z, not at 2026-06-18T20:00:00.000Z/,
    );
    expect((await amend(early)).moved).toEqual([]);
  });

  it('names nobody where nothing that is held expires that day', async () => {
    expect((await amend('US-EQUITY-OPTIONS,2026-06-17,early-close,power failure,13:00')).moved).toEqual([]);
  });
});
