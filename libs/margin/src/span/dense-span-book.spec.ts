import { Decimal } from '@ballast/domain';
import {
  asOf,
  daysLater,
  future,
  option,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { openDenseSpanBook, sortCommodities } from './dense-span-book';
import { parseSpanParameters } from './parse-span-parameters';

const snapshot = snapshotOf({ quotes: [quote('C', { price: '3', volatility: 0.2 }), quote('F', { price: '101' })] });
const listed = future('F');
const open = (overrides: unknown = {}) => {
  const input = { snapshot, asOf, baseCurrency: 'USD', listedInstruments: [listed] };
  return openDenseSpanBook(parseSpanParameters(overrides, asOf), input);
};

describe('openDenseSpanBook', () => {
  it('keeps a contract at the place it was given first, however often and with whomever it comes', () => {
    const book = open();
    const [call, stock] = [option('C'), share('S')];
    expect([...(book?.place([stock, call]) ?? [])].sort()).toEqual([0, 1]);
    const places = book?.place([call, stock, listed]);
    expect(places?.[2]).toBe(2);
    expect([...(book?.place([stock, call]) ?? [])]).toEqual([places?.[1], places?.[0]]);
    expect(book?.commodities.map(({ id, labels }) => [id, labels.length])).toEqual([['U', 16]]);
    expect([book?.rights[places?.[0] ?? 9], book?.rights[places?.[1] ?? 9]]).toEqual([1, 0]);
  });

  it('has no place for what cannot be valued, has expired, or is a future that not every account knows', () => {
    const strange = [option('NO-QUOTE'), option('C-OLD', { expiry: daysLater(-1) }), future('F-OTHER')];
    expect([...(open()?.place([...strange, option('C')]) ?? [])]).toEqual([-1, -1, -1, 0]);
  });

  it('is not opened where spreads or delivery charges tie contracts to each other', () => {
    const legs = [
      { underlying: 'U', side: 'A' },
      { underlying: 'V', side: 'B' },
    ];
    expect(open({ intercommodity: [{ rate: 0.5, legs }] })).toBeNull();
    expect(open({ U: { deliveryCharge: [{ month: '2026-03', spread: 1, outright: 2 }] } })).toBeNull();
  });
});

it('sortCommodities orders places by identifier', () => {
  const two = snapshotOf({ underlyings: [underlyingQuote('B', '100'), underlyingQuote('A', '100')] });
  const input = { snapshot: two, asOf, baseCurrency: 'USD', listedInstruments: [] };
  const book = openDenseSpanBook(parseSpanParameters({}, asOf), input);
  if (book === null) throw new Error('expected a book');
  const shares = ['B', 'A'].map((underlying) => share(`${underlying}-S`, { underlying, multiplier: new Decimal(1) }));
  book.place([shares[0] as (typeof shares)[0]]);
  book.place(shares);
  expect(book.commodities.map(({ id }) => id)).toEqual(['B', 'A']);
  expect(sortCommodities(book, [0, 1])).toEqual([1, 0]);
});
