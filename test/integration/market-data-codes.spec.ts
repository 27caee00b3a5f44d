// Codes that only formats of the outside world raise, through their files: a chain without rate and dividend yield, and a
// forward that the exchange interpolates. The others are injected in injected-market-data.spec.ts; docs/reliability.md has all.
import { Decimal, type Instant, parseInstant } from '@ballast/domain';
import { RequirementStore } from '@ballast/persistence';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openRunMargin } from '../support/run-engine';

let db: TestDatabase;
let desk: ImportDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

const at = (text: string): Instant => parseInstant(text, 'at');

async function openAccount(methodology: string, held: string) {
  const context = await newFirm(desk);
  await desk.importAccounts.execute(
    context,
    fileOf('a.csv', `code,name,baseCurrency,methodology\nA,A,USD,${methodology}\n`),
  );
  const accountId = (await desk.accounts.findByCode(context, 'A'))?.id ?? '';
  const hold = () =>
    desk.positions.record(context, {
      ...{ accountId, validFrom: at('2015-01-01T00:00:00Z'), mode: 'REPLACE', source: 'test' },
      positions: [{ instrumentId: held, quantity: new Decimal(-2) }],
    });
  const evaluate = async (asOf: Instant) => {
    await openRunMargin(db.database).execute({ firmId: context.firmId, asOf, requestedBy: 'test' });
    const found = (await new RequirementStore(db.database).findLatest(context, [accountId], { asOf })).get(accountId);
    return { quality: found?.quality, reasons: found?.qualityReasons ?? [], maintenance: Number(found?.maintenanceRequirement?.amount ?? NaN) }; // prettier-ignore
  };
  return { context, hold, evaluate };
}

describe('a chain without rate and dividend yield', () => {
  const header =
    '#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho';
  const chain = (day: string) =>
    fileOf(`goog_${day}.csv`, `${header}\n,,,747.93,748.77,747.86,748.4,106129,,,,,,,\n20160115,760,C,9,9,9,9.1,10,,0.2,0.4,0.01,0.5,-0.3,0.1\n`); // prettier-ignore

  it('is flagged RATE_MISSING and DIV_MISSING, degrades who holds it, and lowers nothing', async () => {
    const id = 'GOOG160115C00760000';
    const { context, hold, evaluate } = await openAccount('TIMS', id);
    const lean = { rate: 0.01, dividendYield: 0 };
    const first = await desk.importMarket.execute({ ...context, lean }, [chain('20151228')]);
    expect(first.flagCounts['RATE_MISSING'] ?? 0).toBe(0);
    await hold();
    const good = await evaluate(at('2015-12-28T21:00:00Z'));
    expect(good.quality).toBe('OK');
    expect(good.maintenance).toBeGreaterThan(0);
    const second = await desk.importMarket.execute(context, [chain('20151229')]);
    expect(second.flagCounts).toMatchObject({ RATE_MISSING: 1, DIV_MISSING: 1 });
    const after = await evaluate(at('2015-12-29T21:00:00Z'));
    expect(after.quality).toBe('DEGRADED');
    expect(after.reasons).toEqual(expect.arrayContaining([`DIV_MISSING: ${id}`, `RATE_MISSING: ${id}`]));
    expect(after.maintenance).toBeGreaterThanOrEqual(good.maintenance);
  });
});

describe('a forward that the exchange interpolates', () => {
  const header =
    'timestamp,instrument_name,option_type,strike,expiry_datetime,bid_price,ask_price,mark_price,futures_price,futures_instrument_name,implied_volatility,currency,index_price';
  const row = (future: string) =>
    `2026-01-05T09:25:11.513+00:00,BTC-6JAN26-82000-C,call,82000.0,2026-01-06T08:00:00+00:00,0.117,0.119,0.118,92548.07,${future},0.4986,BTC,92533.91`;

  it.each([
    ['SYN.BTC-6JAN26', 1],
    ['BTC-6JAN26', 0],
  ])('%s is told as SYNTHETIC_FORWARD %i times, and degrades nobody', async (future, times) => {
    const id = 'BTC-6JAN26-82000-C';
    const { context, hold, evaluate } = await openAccount('CRYPTO_PM', id);
    const report = await desk.importMarket.execute(context, [fileOf('deribit.csv', `${header}\n${row(future)}\n`)]);
    expect(report.flagCounts['SYNTHETIC_FORWARD'] ?? 0).toBe(times);
    expect(report.snapshot.quality).toBe('OK');
    await hold();
    const found = await evaluate(at('2026-01-05T09:26:00Z'));
    expect([found.quality, found.reasons]).toEqual(['OK', []]);
    expect(found.maintenance).toBeGreaterThan(0);
  });
});
