import { FileRefusal } from './file-refusal';
import { readCollateralFile } from './collateral-file';

const header = 'account,asset,kind,assetClass,quantity,rating,maturity,price,currency,schedule,validFrom';
const read = (...rows: string[]) =>
  readCollateralFile({ name: 'c.csv', bytes: new TextEncoder().encode(`${[header, ...rows].join('\n')}\n`) });
const refusalOf = (...rows: string[]) => {
  try {
    read(...rows);
  } catch (error) {
    if (error instanceof FileRefusal) return error.problems[0];
  }
  throw new Error('was taken');
};

describe('readCollateralFile', () => {
  it('reads a bond with its terms and a coin priced by the market', () => {
    const [bond, coin] = read(
      'A-1,US1,security,T-Notes,200000,AA,2031-02-15,0.9875,USD,CCP,2026-11-18T00:00:00Z',
      'A-1,BTC,coin,Coin,1.5,,,,,,',
    ).rows.map(({ value }) => value);
    expect(bond).toMatchObject({ rating: 'AA', maturity: '2031-02-15', currency: 'USD', schedule: 'CCP' });
    expect([bond?.quantity.toFixed(), bond?.price?.toFixed()]).toEqual(['200000', '0.9875']);
    expect(coin).toEqual({
      accountCode: 'A-1',
      asset: 'BTC',
      kind: 'coin',
      assetClass: 'Coin',
      quantity: coin?.quantity,
      schedule: 'HOUSE',
    });
  });

  it.each([
    ['currency', 'A,X,security,T,1,,,0.99,,,'],
    ['currency', 'A,X,security,T,1,,,,USD,,'],
    ['quantity', 'A,X,security,T,-1,,,,,,'],
    ['quantity', 'A,X,security,T,,,,,,,'],
    ['price', 'A,X,security,T,1,,,-0.99,USD,,'],
    ['kind', 'A,X,bond,T,1,,,,,,'],
    ['maturity', 'A,X,security,T,1,,2026-02-30,,,,'],
    ['maturity', 'A,X,security,T,1,,15/02/2031,,,,'],
    ['validFrom', 'A,X,security,T,1,,,,,,2026-11-18'],
  ])('refuses a bad %s: %s', (column, row) => {
    expect(refusalOf(row)).toMatchObject({ file: 'c.csv', line: 2, column });
  });

  it('refuses an asset named twice', () => {
    expect(refusalOf('A,X,coin,T,1,,,,,,', 'A,X,coin,T,2,,,,,,')).toMatchObject({ line: 3, column: 'asset' });
  });
});
