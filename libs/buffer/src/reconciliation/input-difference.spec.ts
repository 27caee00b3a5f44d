import { Decimal } from '@ballast/domain';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import { applyDifference, differenceItem } from './input-difference';

const decimal = (text: string | number) => new Decimal(text);
const book = {
  portfolio: {
    ...portfolioOf([position(option('C'), -3)]),
    collateral: [{ asset: 'T', quantity: decimal(10), price: decimal(1), haircut: 0.1 }],
  },
  snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }),
};
const quantities = (changed: typeof book | ReturnType<typeof applyDifference>) =>
  changed.portfolio.positions.map(({ instrument, quantity }) => [instrument.id, quantity.toFixed()]);

describe('applyDifference', () => {
  it('takes the quantity of the statement, adds and removes contracts', () => {
    const at = (id: string, theirs: number) =>
      quantities(
        applyDifference(book, { input: 'position', instrument: option(id), ours: null, theirs: decimal(theirs) }),
      );
    expect(at('C', -4)).toEqual([['C', '-4']]);
    expect(at('C', 0)).toEqual([]);
    expect(at('D', 2)).toEqual([
      ['C', '-3'],
      ['D', '2'],
    ]);
    expect(quantities(book)).toEqual([['C', '-3']]);
  });

  it('marks a contract at the stated price and forgets our volatility where we had no price', () => {
    const changed = applyDifference(book, { input: 'price', instrument: option('C'), ours: null, theirs: decimal(7) });
    expect(changed.snapshot.instruments.get('C')).toMatchObject({ mark: decimal(7), impliedVolatility: null });
    expect(book.snapshot.instruments.get('C')?.impliedVolatility).toBe(0.25);
  });

  it('moves the volatility as the two prices imply, so that a hair of a price is a hair of a volatility', () => {
    const at = (theirs: string) =>
      applyDifference(book, {
        input: 'price',
        instrument: option('C'),
        ours: decimal(5),
        theirs: decimal(theirs),
      }).snapshot.instruments.get('C')?.impliedVolatility ?? 0;
    expect(at('5')).toBe(0.25);
    expect(Math.abs(at('5.0001') - 0.25)).toBeLessThan(1e-4);
    expect(at('5.5')).toBeGreaterThan(0.26);
  });

  it('moves the underlying with the price of its share', () => {
    const changed = applyDifference(book, { input: 'price', instrument: share('S'), ours: null, theirs: decimal(7) });
    expect(changed.snapshot.underlyings.get('U')?.price?.toFixed()).toBe('7');
  });

  it('replaces cash of one currency and the quantity of one asset', () => {
    const cash = applyDifference(book, { input: 'cash', currency: 'EUR', ours: null, theirs: decimal(9) });
    expect(cash.portfolio.cash).toContainEqual({ currency: 'EUR', amount: decimal(9) });
    const pledged = (theirs: number) =>
      applyDifference(book, { input: 'collateral', asset: 'T', ours: null, theirs: decimal(theirs) }).portfolio
        .collateral;
    expect(pledged(4)).toMatchObject([{ asset: 'T', quantity: decimal(4), haircut: 0.1 }]);
    expect(pledged(0)).toEqual([]);
  });

  it('takes the price of a pledged asset, and leaves assets that are not ours', () => {
    const pledged = (input: 'collateral-price', asset: string, theirs: number) =>
      applyDifference(book, { input, asset, ours: null, theirs: decimal(theirs) }).portfolio.collateral;
    expect(pledged('collateral-price', 'T', 2)).toMatchObject([{ asset: 'T', quantity: decimal(10), price: decimal(2), haircut: 0.1 }]); // prettier-ignore
    expect(pledged('collateral-price', 'X', 2)).toEqual(book.portfolio.collateral);
  });

  it('names what differs', () => {
    const [ours, theirs] = [null, decimal(1)];
    expect(differenceItem({ input: 'cash', currency: 'EUR', ours, theirs })).toBe('EUR');
    expect(differenceItem({ input: 'collateral', asset: 'T', ours, theirs })).toBe('T');
    expect(differenceItem({ input: 'price', instrument: option('C'), ours, theirs })).toBe('C');
  });
});
