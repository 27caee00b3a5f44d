import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { yearsBetween } from '@ballast/domain';
import { readDeribitFile } from '@ballast/formats';
import { forwardToExpiry } from '@ballast/market-data';
import { snapshotHash } from '@ballast/persistence';
import { black76Price } from '@ballast/pricing';
import { type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const file = path.resolve(__dirname, '../../../shared/data/deribit/deribit_options_snapshot_20260105T092511Z.csv');
const goog = path.resolve(__dirname, '../../../shared/data/lean/goog_20151224.csv');
const maybe = existsSync(file) && existsSync(goog) ? describe : describe.skip;

maybe('real chains (skipped: shared data not present)', () => {
  let db: TestDatabase;
  let desk: ImportDesk;
  const source = () => ({ name: 'deribit.csv', bytes: readFileSync(file) });

  beforeAll(async () => {
    db = await openTestDatabase();
    desk = openImportDesk(db);
  });
  afterAll(() => db?.close());

  it('prices every Deribit contract from its own volatility as the exchange marks it', () => {
    const { rows } = readDeribitFile(source());
    const differences = rows.map(({ value: { instrument, quote, forward } }) => {
      const model = coinPrice({
        forward: forward.toNumber(),
        strike: instrument.strike.toNumber(),
        yearsToExpiry: yearsBetween(quote.quotedAt, instrument.expiry),
        volatility: quote.impliedVolatility ?? NaN,
        right: instrument.right,
      });
      return Math.abs(model - (quote.mark?.toNumber() ?? NaN));
    });
    const { median, p99 } = quantiles(differences);
    expect(differences).toHaveLength(1286);
    expect(median).toBeLessThanOrEqual(5e-6);
    expect(p99).toBeLessThanOrEqual(7e-4);
  });

  it('stores all 1,286 contracts and prices them from the stored snapshot as well', async () => {
    const context = await newFirm(desk);
    const report = await desk.importMarket.execute(context, [source()]);
    expect(report).toMatchObject({ rows: 1286, stored: 1286, unchanged: 0, instrumentsNew: 1286 });
    expect(report.flagCounts).toMatchObject({ Q_ONE_SIDED: 13, SYNTHETIC_FORWARD: 244 });
    expect(report.snapshot.quality).toBe('OK');
    expect(report.surfaces).toMatchObject([
      { underlying: 'BTC', expiries: 12, fitted: 12 },
      { underlying: 'ETH', expiries: 12, fitted: 12 },
    ]);
    for (const { worstError, findings } of report.surfaces) {
      expect(worstError).toBeLessThan(0.01);
      expect(Object.keys(findings).filter((code) => code.startsWith('IV_ARB'))).toEqual([]);
    }
    const stored = await desk.snapshots.load(context, report.snapshot.id);
    if (stored === null) throw new Error('the snapshot was not stored');
    const { snapshot } = stored;
    expect(snapshot.instruments.size).toBe(1286);
    expect(snapshotHash(snapshot, 2)).toBe(report.snapshot.hash);
    for (const { value } of readDeribitFile(source()).rows) {
      const { openInterest, volume } = snapshot.instruments.get(value.instrument.id) ?? {};
      expect([openInterest, volume].map(String)).toEqual([value.quote.openInterest, value.quote.volume].map(String));
    }
    const terms = await desk.instruments.findByIds(context, [...snapshot.instruments.keys()]);
    const differences = [...snapshot.instruments.values()].map((quote) => {
      const instrument = terms.get(quote.instrumentId);
      const underlying = snapshot.underlyings.get(instrument?.underlying ?? '');
      if (instrument?.type !== 'option' || underlying === undefined) throw new Error(quote.instrumentId);
      const carry = forwardToExpiry(underlying, snapshot.asOf, instrument.expiry);
      const model = coinPrice({
        forward: carry?.forward ?? NaN,
        strike: instrument.strike.toNumber(),
        yearsToExpiry: carry?.yearsToExpiry ?? NaN,
        volatility: quote.impliedVolatility ?? NaN,
        right: instrument.right,
      });
      return Math.abs(model - (quote.mark?.toNumber() ?? NaN));
    });
    // One forward per expiry instead of each row's own: futures moved by up to a dollar while the chain was read.
    const { median, p99 } = quantiles(differences);
    expect(median).toBeLessThanOrEqual(5e-6);
    expect(p99).toBeLessThanOrEqual(7e-4);
    const again = await desk.importMarket.execute(context, [source()]);
    expect(again).toMatchObject({ stored: 0, unchanged: 1286, instrumentsNew: 0, snapshot: { isNew: false } });
  });

  it('stores the American chain of a share, its first row being the underlying', async () => {
    const context = await newFirm(desk);
    const report = await desk.importMarket.execute(context, [{ name: 'goog_20151224.csv', bytes: readFileSync(goog) }]);
    expect(report).toMatchObject({ rows: 2017, stored: 2017, instrumentsNew: 2016 });
    expect(report.totals).toMatchObject({ quotes: '2016', underlyings: '1', 'volatilities quoted': '1862' });
    expect(report.flagCounts).toMatchObject({ RATE_MISSING: 2016, DIV_MISSING: 2016, Q_NO_IV: 154 });
    expect(report.snapshot).toMatchObject({ asOf: '2015-12-24T21:00:00.000Z', quality: 'DEGRADED' });
    const [option] = (await desk.instruments.findByIds(context, ['GOOG160115C00750000'])).values();
    expect(option).toMatchObject({ exercise: 'american', expiry: Date.UTC(2016, 0, 15, 21) });
  });
});

/** Coin value of an option: undiscounted Black-76 value divided by the forward. */
function coinPrice(input: Omit<Parameters<typeof black76Price>[0], 'rate'>): number {
  return black76Price({ ...input, rate: 0 }) / input.forward;
}

function quantiles(values: readonly number[]): { readonly median: number; readonly p99: number } {
  const sorted = [...values].sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
  return { median: at(0.5), p99: at(0.99) };
}
