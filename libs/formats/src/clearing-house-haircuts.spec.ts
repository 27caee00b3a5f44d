import { CellRefusal } from './cell';
import { clearingHouseFormat, maturityBucketCell } from './clearing-house-haircuts';
import { readTable } from './table';

const read = (...rows: string[]) =>
  readTable(
    { name: 'h.csv', bytes: new TextEncoder().encode(`asset,maturity_bucket,haircut_pct\n${rows.join('\n')}\n`) },
    clearingHouseFormat,
  ).rows.map(({ value }) => value);

describe('maturityBucketCell', () => {
  it.each([
    ['any', {}],
    ['<1y', { minimumYears: 0, maximumYears: 1 }],
    ['1-5y', { minimumYears: 1, maximumYears: 5 }],
    ['>15y', { minimumYears: 15 }],
  ])('reads %s', (text, bucket) => {
    expect(maturityBucketCell(text)).toEqual(bucket);
  });

  it.each(['1y', '5', '1–5y', '-1y', '<y', ''])('refuses %j', (text) => {
    expect(() => maturityBucketCell(text)).toThrow(CellRefusal);
  });
});

describe('clearingHouseFormat', () => {
  // 3 % on the schedule and 3 % of what is left: 1 − 0.97 · 0.97 = 5.91 %.
  it('turns percentages into fractions, and takes what comes after the schedule off what the schedule leaves', () => {
    expect(read('T-Notes,5-10y,4.5', 'Canadian Govt (plus extra 3% after schedule),<1y,3')).toEqual([
      { assetClass: 'T-Notes', minimumYears: 5, maximumYears: 10, haircut: 0.045 },
      { assetClass: 'Canadian Govt', minimumYears: 0, maximumYears: 1, haircut: 0.0591 },
    ]);
  });

  it('refuses more than everything', () => {
    expect(() => read('T-Notes,any,101')).toThrow('expected a percentage 0…100');
  });
});
