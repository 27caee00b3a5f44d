import fc from 'fast-check';
import { buildShare } from '../../../../test/support/lifecycle-builder';
import type { CollateralPosition } from '../collateral';
import { Decimal } from '../decimal';
import { adjustCollateral, payPledgedDividend } from './collateral-change';
import type { CorporateAction } from './contract-adjustment';
import { HoldingBook } from './holding-book';

const pledge = (asset: string, quantity: string, price?: string): CollateralPosition => ({
  asset,
  kind: 'security',
  assetClass: 'Shares',
  schedule: 'HOUSE',
  quantity: new Decimal(quantity),
  ...(price === undefined ? {} : { price: new Decimal(price), currency: 'USD' }),
});
const block = { ...buildShare(), id: 'ALTA-BLOCK', multiplier: new Decimal(10) };
const pledgeable = new Map([buildShare(), block].map((share) => [share.id, share]));

function apply(action: CorporateAction, pledged: readonly CollateralPosition[], cashInLieuPrice?: string) {
  const book = new HoldingBook([]);
  const changes = adjustCollateral(book, pledged, {
    underlying: 'ALTA',
    action,
    shareOf: (underlying) => buildShare(underlying),
    pledgeable,
    ...(cashInLieuPrice === undefined ? {} : { cashInLieuPrice: new Decimal(cashInLieuPrice) }),
  });
  const { cash, notes } = book.changes();
  const shown = (position: CollateralPosition | null) =>
    position === null
      ? '–'
      : [position.quantity, position.price].map((value) => value?.toFixed() ?? 'market').join(' at ');
  return {
    changes: changes.map(({ asset, before, after }) => `${asset} ${shown(before)} → ${shown(after)}`),
    cash: cash.map(({ amount }) => amount.toFixed()),
    notes,
  };
}

const split = (numerator: number, denominator: number) => ({ kind: 'split' as const, numerator, denominator });
const merger = (ratio: string, cash: string, newUnderlying?: string): CorporateAction => ({
  kind: 'merger',
  stockRatio: new Decimal(ratio),
  cashPerShare: new Decimal(cash),
  ...(newUnderlying === undefined ? {} : { newUnderlying }),
});

describe('adjustCollateral', () => {
  it.each([
    [7, 1, '100', 'ALTA 100 at market → 700 at market'],
    [3, 2, '101', 'ALTA 101 at market → 151.5 at market'],
    [1, 6, '100', 'ALTA 100 at market → 16.66666666666666666667 at market'],
  ])('multiplies pledged shares by %i:%i and leaves other assets alone', (numerator, denominator, quantity, change) => {
    const pledged = [pledge('ALTA', quantity), pledge('OTHER', '5')];
    expect(apply(split(numerator, denominator), pledged)).toEqual({ changes: [change], cash: [], notes: [] });
  });

  it('divides a stated price, also of blocks of shares', () => {
    expect(apply(split(7, 1), [pledge('ALTA-BLOCK', '4', '7000')]).changes).toEqual([
      'ALTA-BLOCK 4 at 7000 → 28 at 1000',
    ]);
  });

  it('pays fractions out where a price is given', () => {
    const { changes, cash, notes } = apply(split(1, 6), [pledge('ALTA', '100')], '630');
    expect(changes).toEqual(['ALTA 100 at market → 16 at market']);
    // 4/6 of a share at 630.
    expect(cash).toEqual(['420']);
    expect(notes).toEqual([expect.stringMatching(/^ALTA: 0\.6+7 of a pledged share paid out at 630$/)]);
    expect(apply(split(1, 6), [pledge('ALTA', '5')], '630')).toMatchObject({
      changes: ['ALTA 5 at market → –'],
      cash: ['525'],
    });
  });

  it('hands over what a merger gives: shares under the new name, and cash', () => {
    expect(apply(merger('0.5', '10', 'NEW'), [pledge('ALTA', '200', '90')])).toMatchObject({
      changes: ['ALTA 200 at 90 → –', 'NEW – → 100 at 160'],
      cash: ['2000'],
    });
    expect(apply(merger('0.5', '10', 'NEW'), [pledge('ALTA', '200', '9')]).changes[1]).toBe('NEW – → 100 at market');
    expect(apply(merger('0', '42.5'), [pledge('ALTA', '200'), pledge('ALTA-BLOCK', '1')])).toMatchObject({
      changes: ['ALTA 200 at market → –', 'ALTA-BLOCK 1 at market → –'],
      cash: ['8925'],
    });
  });

  it('adds new shares to those pledged already, and refuses to mix terms', () => {
    const pledged = [pledge('ALTA', '10'), pledge('ALTA-BLOCK', '1'), pledge('NEW', '3')];
    expect(apply({ kind: 'symbol-change', newUnderlying: 'NEW' }, pledged).changes).toEqual([
      'ALTA 10 at market → –',
      'ALTA-BLOCK 1 at market → –',
      'NEW 3 at market → 23 at market',
    ]);
    expect(() => apply(merger('1', '0', 'NEW'), [pledge('ALTA', '10'), pledge('NEW', '3', '5')])).toThrow(
      /^NEW is pledged already under other terms/,
    );
  });

  it('leaves the quantity alone at a special dividend', () => {
    expect(apply({ kind: 'special-dividend', amount: new Decimal(3) }, [pledge('ALTA', '10')]).changes).toEqual([]);
  });

  it('refuses a ratio that is none, whatever is held besides', () => {
    expect(() => apply(split(0, 1), [pledge('ALTA', '10')])).toThrow(/numerator/);
  });

  it('conserves what is pledged at the price divided by the ratio, to 1e-10', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 1, max: 1_000_000 }),
        (numerator, denominator, quantity, cents) => {
          const price = new Decimal(cents).div(100);
          const [change] = adjustCollateral(new HoldingBook([]), [pledge('ALTA', String(quantity), price.toFixed())], {
            underlying: 'ALTA',
            action: split(numerator, denominator),
            shareOf: buildShare,
            pledgeable,
          });
          const after = change?.after ?? pledge('ALTA', String(quantity), price.toFixed());
          const value = after.quantity.times(after.price ?? 0);
          expect(value.toDecimalPlaces(10).toFixed(2)).toBe(price.times(quantity).toFixed(2));
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('payPledgedDividend', () => {
  function pay(amount: string, entitled: readonly CollateralPosition[], pledged = entitled) {
    const book = new HoldingBook([]);
    const changes = payPledgedDividend(book, { amount: new Decimal(amount), entitled, pledged, pledgeable });
    const { cash, notes } = book.changes();
    return {
      changes: changes.map(({ asset, after }) => `${asset} ${after?.quantity.toFixed()} at ${after?.price?.toFixed()}`),
      cash: cash.map(({ amount: paid, currency }) => `${paid.toFixed()} ${currency}`),
      notes,
    };
  }

  it('pays per share, also per block of shares, and nothing on other assets', () => {
    const pledged = [pledge('ALTA', '101'), pledge('ALTA-BLOCK', '4'), pledge('OTHER', '5', '3')];
    expect(pay('1.25', pledged)).toEqual({ changes: [], cash: ['176.25 USD'], notes: [] });
  });

  it('takes the dividend out of a price that was stated with it: gross value + cash is what it was', () => {
    expect(pay('1.25', [pledge('ALTA-BLOCK', '4', '900'), pledge('ALTA', '10', '90')])).toEqual({
      changes: ['ALTA 10 at 88.75', 'ALTA-BLOCK 4 at 887.5'],
      cash: ['62.5 USD'],
      notes: [],
    });
    // No price is left: the market's counts.
    expect(pay('90', [pledge('ALTA', '10', '90')]).changes).toEqual(['ALTA 10 at undefined']);
  });

  it('pays who pledged before the day, and leaves a price that was stated for the day itself', () => {
    expect(pay('1', [pledge('ALTA', '10', '90')], [pledge('ALTA', '25', '89')])).toEqual({
      changes: [],
      cash: ['10 USD'],
      notes: [],
    });
    expect(pay('1', [], [pledge('ALTA', '25')])).toEqual({ changes: [], cash: [], notes: [] });
    expect(pay('1', [pledge('ALTA', '10')], []).cash).toEqual(['10 USD']);
  });

  it('tells that a price in another currency has to be stated anew', () => {
    const foreign = { ...pledge('ALTA', '10', '90'), currency: 'EUR' };
    expect(pay('1', [foreign])).toMatchObject({ changes: [], notes: [expect.stringMatching(/stated in EUR.*in USD/)] });
  });
});
