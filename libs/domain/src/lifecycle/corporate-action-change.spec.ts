import fc from 'fast-check';
import {
  buildFuture,
  buildOption,
  buildShare,
  cashOf,
  holdingOf,
  holdingsAfter,
  valueOf,
} from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import type { CorporateAction } from './contract-adjustment';
import { corporateActionChange, dividendChange } from './corporate-action-change';
import type { Holding } from './holding-book';

const naming = {
  underlying: 'ALTA',
  shareOf: (underlying: string) => buildShare(underlying),
  named: <T extends { readonly id: string }>(adjusted: T): T => ({ ...adjusted, id: `${adjusted.id}.A1` }),
};

function apply(action: CorporateAction, holdings: readonly Holding[], cashInLieuPrice?: Decimal) {
  return corporateActionChange({
    ...naming,
    action,
    holdings,
    ...(cashInLieuPrice === undefined ? {} : { cashInLieuPrice }),
  });
}

function book(change: ReturnType<typeof apply>) {
  return {
    positions: change.positions.map(
      ({ instrument, before, after }) => `${instrument.id} ${before.toFixed()} → ${after.toFixed()}`,
    ),
    cash: change.cash.map(({ amount }) => amount.toFixed()),
  };
}

describe('corporate actions on an account', () => {
  const seven = { kind: 'split', numerator: 7, denominator: 1 } as const;

  it('7 for 1: shares, calls and the value of the account to the cent', () => {
    const holdings = [
      holdingOf(buildShare(), '100', '645.57'),
      holdingOf(buildOption({ strike: new Decimal(600) }), '-3', '52.50'),
    ];
    const change = apply(seven, holdings);
    expect(book(change)).toEqual({
      positions: ['ALTA 100 → 700', 'ALTA-C100 -3 → 0', 'ALTA-C100.A1 0 → -21'],
      cash: [],
    });
    const before = valueOf(holdings, () => new Decimal('645.57'));
    const after = valueOf(holdingsAfter(holdings, change), () => new Decimal('645.57').div(7));
    expect(before.toFixed(2)).toBe('50886.00');
    expect(after.toFixed(2)).toBe('50886.00');
  });

  it('3 for 2: fractions of shares are paid out where a price is given, and stay held otherwise', () => {
    const holdings = [holdingOf(buildShare(), '101'), holdingOf(buildOption(), '2')];
    const action = { kind: 'split', numerator: 3, denominator: 2 } as const;
    expect(book(apply(action, holdings, new Decimal('66.67')))).toEqual({
      positions: ['ALTA 101 → 151', 'ALTA-C100 2 → 0', 'ALTA-C100.A1 0 → 2'],
      cash: ['33.33'],
    });
    expect(book(apply(action, holdings)).positions[0]).toBe('ALTA 101 → 151.5');
  });

  it('merger for half a share and 10 cash: long receives, short pays', () => {
    const action = {
      kind: 'merger',
      newUnderlying: 'NEW',
      stockRatio: new Decimal('0.5'),
      cashPerShare: new Decimal(10),
    } as const;
    const change = apply(action, [holdingOf(buildShare(), '-200')]);
    expect(book(change)).toEqual({ positions: ['ALTA -200 → 0', 'NEW 0 → -100'], cash: ['-2000'] });
  });

  it('cash merger: futures are settled against the cash', () => {
    const action = { kind: 'merger', stockRatio: new Decimal(0), cashPerShare: new Decimal(120) } as const;
    const change = apply(action, [holdingOf(buildFuture(), '2', '100')]);
    expect(book(change)).toEqual({ positions: ['ALTA-JUN26 2 → 0'], cash: ['2000'] });
  });

  it('leaves contracts on other companies alone', () => {
    expect(apply(seven, [holdingOf(buildOption({ underlying: 'OTHER' }), '1')])).toEqual({
      positions: [],
      cash: [],
      notes: [],
    });
  });

  it('dividend: 1.25 per share, received on 300 and paid on a short of 40', () => {
    const amount = new Decimal('1.25');
    const long = dividendChange({
      holdings: [holdingOf(buildShare(), '300'), holdingOf(buildOption(), '9')],
      underlying: 'ALTA',
      amount,
    });
    expect(book(long)).toEqual({ positions: [], cash: ['375'] });
    const short = dividendChange({ holdings: [holdingOf(buildShare(), '-40')], underlying: 'ALTA', amount });
    expect(book(short)).toEqual({ positions: [], cash: ['-50'] });
  });

  it('special dividend: cash goes to who held before, strikes fall for who holds now', () => {
    const action = { kind: 'special-dividend', amount: new Decimal(10) } as const;
    const change = corporateActionChange({
      ...naming,
      action,
      holdings: [holdingOf(buildOption(), '1')],
      entitled: [holdingOf(buildShare(), '500')],
    });
    expect(book(change)).toEqual({ positions: ['ALTA-C100 1 → 0', 'ALTA-C100.A1 0 → 1'], cash: ['5000'] });
  });

  it('conserves the value of any book, up to strikes of ten decimals and one cent down', () => {
    const holding = fc
      .record({
        type: fc.constantFrom('call', 'put', 'share', 'future'),
        strike: fc.integer({ min: 100, max: 60_000 }),
        quantity: fc.integer({ min: -90, max: 90 }).filter((n) => n !== 0),
        average: fc.integer({ min: 100, max: 60_000 }),
      })
      .map(({ type, strike, quantity, average }): Holding => {
        const id = `${type}-${strike}`;
        if (type === 'share') return holdingOf(buildShare(), String(quantity));
        if (type === 'future')
          return holdingOf(buildFuture({ id }), String(quantity), new Decimal(average).div(100).toFixed());
        return holdingOf(buildOption({ id, right: type, strike: new Decimal(strike).div(100) }), String(quantity));
      });
    const cases = fc.record({
      holdings: fc.uniqueArray(holding, { minLength: 1, maxLength: 6, selector: ({ instrument }) => instrument.id }),
      action: fc.constantFrom<CorporateAction>(
        seven,
        { kind: 'split', numerator: 3, denominator: 2 },
        { kind: 'split', numerator: 1, denominator: 8 },
        { kind: 'special-dividend', amount: new Decimal('12.34') },
        { kind: 'merger', newUnderlying: 'NEW', stockRatio: new Decimal('0.3817'), cashPerShare: new Decimal('17.5') },
        { kind: 'merger', newUnderlying: 'NEW', stockRatio: new Decimal(2), cashPerShare: new Decimal(0) },
      ),
      price: fc.integer({ min: 2000, max: 90_000 }).map((cents) => new Decimal(cents).div(100)),
    });
    fc.assert(
      fc.property(cases, ({ holdings, action, price }) => {
        const change = apply(action, holdings);
        const before = valueOf(holdings, () => price);
        const after = valueOf(holdingsAfter(holdings, change), () => priceAfter(action, price)).plus(cashOf(change));
        // Nine thousand shares per holding, strikes good to 5e-11 and averages too.
        expect(before.minus(after).greaterThan('-0.00001')).toBe(true);
        expect(before.minus(after).lessThan('0.01001')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function priceAfter(action: CorporateAction, price: Decimal): Decimal {
  if (action.kind === 'split') return price.times(action.denominator).div(action.numerator);
  if (action.kind === 'special-dividend') return price.minus(action.amount);
  if (action.kind === 'merger') return price.minus(action.cashPerShare).div(action.stockRatio);
  return price;
}
