import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resolveCollateral, valueCollateral } from '@ballast/buffer';
import { type CollateralPosition, Decimal, type HaircutSchedule, parseInstant } from '@ballast/domain';
import { readHaircutFiles } from '@ballast/formats';
import { snapshotOf } from '../support/portfolio-builder';

const shared = path.resolve(__dirname, '../../../shared/data/collateral');
const maybe = existsSync(shared) ? describe : describe.skip;
const asOf = parseInstant('2026-11-21T21:00:00Z', 'asOf');

function scheduleOf(name: string, vintage?: string): HaircutSchedule {
  const source = { name, bytes: readFileSync(path.join(shared, name)) };
  return readHaircutFiles([source], { name: 'CCP', ...(vintage === undefined ? {} : { vintage }) }).schedule;
}

/** What 1 000 000 of face at a price is worth. */
function valueOf(schedule: HaircutSchedule, assetClass: string, maturity: string | undefined, price = '0.985'): string {
  const position: CollateralPosition = {
    asset: 'BOND',
    kind: 'security',
    assetClass,
    schedule: 'CCP',
    quantity: new Decimal(1_000_000),
    price: new Decimal(price),
    currency: 'USD',
    ...(maturity === undefined ? {} : { maturity }),
  };
  const snapshot = snapshotOf({});
  const schedules = new Map([['CCP', schedule]]);
  const { holdings, limits } = resolveCollateral({ positions: [position], schedules, snapshot, asOf });
  const { lines } = valueCollateral(holdings, { snapshot, baseCurrency: 'USD', fxHaircuts: {} }, limits);
  return lines[0]?.ineligible ?? (lines[0]?.netValue.amount.toFixed(2) as string);
}

// 985 000 × (1 − haircut) of the row that holds the maturity, by hand from the files.
maybe('haircuts of two clearing houses (skipped: shared data not present)', () => {
  it.each([
    ['T-Bills', '2027-05-01', '980075.00'], // 0.5 %
    ['T-Notes', '2027-11-20', '975150.00'], // 1 %, a day before the first anniversary
    ['T-Notes', '2027-11-21', '965300.00'], // 2 %, on it
    ['T-Notes', '2030-06-30', '955450.00'], // 3 %
    ['T-Notes', '2033-02-15', '940675.00'], // 4.5 %
    ['T-Bonds', '2050-05-15', '925900.00'], // 6 %
    ['Physical gold', undefined, '837250.00'], // 15 %
    ['IEF4 corporate bonds', '2090-01-01', '788000.00'], // 20 %, any maturity
    ['T-Bills', '2029-05-01', 'the schedule CCP has no rule for T-Bills maturing on 2029-05-01'],
    ['Shares', undefined, 'Shares is not on the schedule CCP'],
  ])('interest-rate swap schedule: %s maturing %s is worth %s', (assetClass, maturity, expected) => {
    expect(valueOf(scheduleOf('cme_irs_haircuts_docplayer.csv'), assetClass, maturity)).toBe(expected);
  });

  it.each([
    ['US Govt bills/notes/bonds', '2027-01-15', '975150.00'], // 1 %
    ['US Govt bills/notes/bonds', '2031-11-20', '960375.00'], // 2.5 %
    ['US Govt bills/notes/bonds', '2031-11-21', '935750.00'], // 5 %
    ['US Govt bills/notes/bonds', '2055-11-15', '906200.00'], // 8 %
    ['US TIPS', '2038-01-15', '906200.00'], // 8 %
    ['US STRIPS', '2038-02-15', '807700.00'], // 18 %
    ['Canadian Govt', '2027-06-01', '926786.50'], // 3 %, then 3 % of the rest: 985 000 · 0.97 · 0.97
    ['Canadian Govt', '2034-06-01', '907677.50'], // 5 %, then 3 %: 985 000 · 0.95 · 0.97
    ['Letters of credit USD', undefined, '985000.00'],
  ])('options schedule of today: %s maturing %s is worth %s', (assetClass, maturity, expected) => {
    expect(valueOf(scheduleOf('occ_haircuts.csv', 'current(prd-web.theocc.com)'), assetClass, maturity)).toBe(expected);
  });

  it('options schedule of before: bonds of agencies beyond ten years lose 7 %', () => {
    const schedule = scheduleOf('occ_haircuts.csv', 'older(www.theocc.com)');
    expect(valueOf(schedule, 'US GSE debt', '2040-01-01')).toBe('916050.00');
    expect(valueOf(schedule, 'US Govt incl STRIPS/TIPS', '2040-01-01')).toBe('935750.00');
  });
});
