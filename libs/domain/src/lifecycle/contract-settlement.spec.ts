import fc from 'fast-check';
import {
  buildFuture,
  buildOption,
  buildShare,
  cashOf,
  holdingOf,
  holdingsAfter,
  termsAt,
  valueOf,
} from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import type { Instrument } from '../instrument';
import {
  deliveryOf,
  intrinsicValue,
  isExercisedByException,
  settleContracts,
  type SettlementTerms,
} from './contract-settlement';
import type { AccountChange } from './account-change';
import { type Holding, HoldingBook } from './holding-book';

function settle(
  holding: Holding,
  terms: SettlementTerms,
  exercised = true,
  others: readonly Holding[] = [],
): AccountChange {
  const book = new HoldingBook([holding, ...others]);
  settleContracts(book, { ...holding, exercised, terms });
  return book.changes();
}

function summary({ positions, cash }: AccountChange) {
  return {
    positions: positions.map(({ instrument, after }) => `${instrument.id} ${after.toFixed()}`),
    cash: cash.map(({ currency, amount }) => `${amount.toFixed()} ${currency}`),
  };
}

const index = buildOption({ id: 'SPX-C5000', underlying: 'SPX', strike: new Decimal(5000), exercise: 'european' });
const coin = buildOption({
  id: 'BTC-C',
  underlying: 'BTC',
  strike: new Decimal(60000),
  multiplier: new Decimal(1),
  currency: 'BTC',
  settlement: 'inverse',
});

describe('settlement of contracts', () => {
  // Hand-checked: exercise price × 100 against 100 shares; index difference × 100; Deribit payoff max(S − K, 0)/S.
  it.each([
    [
      'long call, physical',
      buildOption(),
      '2',
      '110',
      'equity',
      { positions: ['ALTA 200', 'ALTA-C100 0'], cash: ['-20000 USD'] },
    ],
    [
      'short call, physical',
      buildOption(),
      '-2',
      '110',
      'equity',
      { positions: ['ALTA -200', 'ALTA-C100 0'], cash: ['20000 USD'] },
    ],
    [
      'long put, physical',
      buildOption({ id: 'P', right: 'put' }),
      '3',
      '90',
      'equity',
      { positions: ['ALTA -300', 'P 0'], cash: ['30000 USD'] },
    ],
    [
      'short put, physical',
      buildOption({ id: 'P', right: 'put' }),
      '-3',
      '90',
      'equity',
      { positions: ['ALTA 300', 'P 0'], cash: ['-30000 USD'] },
    ],
    [
      'long index call, cash',
      index,
      '1',
      '5123.45',
      'broad-index',
      { positions: ['SPX-C5000 0'], cash: ['12345 USD'] },
    ],
    [
      'short index call, cash',
      index,
      '-2',
      '5123.45',
      'broad-index',
      { positions: ['SPX-C5000 0'], cash: ['-24690 USD'] },
    ],
    ['long coin call', coin, '10', '75000', 'crypto', { positions: ['BTC-C 0'], cash: ['2 BTC'] }],
    [
      'adjusted 150 shares',
      buildOption({ id: 'A1', strike: new Decimal(40), multiplier: new Decimal(150) }),
      '1',
      '50',
      'equity',
      { positions: ['A1 0', 'ALTA 150'], cash: ['-6000 USD'] },
    ],
    ['cash-settled future', buildFuture(), '4', '110', 'future', { positions: ['ALTA-JUN26 0'], cash: ['2000 USD'] }],
    [
      'delivering future',
      buildFuture({ delivery: 'physical' }),
      '1',
      '110',
      'equity',
      { positions: ['ALTA 50', 'ALTA-JUN26 0'], cash: ['-5000 USD'] },
    ],
  ] as const)('%s', (_name, instrument: Instrument, quantity, price, kind, expected) => {
    const averagePrice = instrument.type === 'future' ? '100' : undefined;
    expect(summary(settle(holdingOf(instrument, quantity, averagePrice), termsAt(price, kind)))).toEqual(expected);
  });

  it('hands over a basket and the cash within the strike', () => {
    // 100 old shares became 50 NEW and 1000 USD; strike 100 → (100·100 − 1000)/50 = 180.
    const deliverable = { components: [{ instrumentId: 'NEW', quantity: new Decimal(50) }], cash: new Decimal(1000) };
    const merged = buildOption({
      id: 'M',
      underlying: 'NEW',
      multiplier: new Decimal(50),
      strike: new Decimal(180),
      deliverable,
    });
    expect(summary(settle(holdingOf(merged, '-1'), termsAt('200')))).toEqual({
      positions: ['M 0', 'NEW -50'],
      cash: ['9000 USD'],
    });
  });

  it('lets contracts lapse without cash', () => {
    expect(summary(settle(holdingOf(buildOption(), '5'), termsAt('90'), false))).toEqual({
      positions: ['ALTA-C100 0'],
      cash: [],
    });
  });

  it('delivers into a future at the strike and realises what closes', () => {
    const future = buildFuture({ multiplier: new Decimal(100) });
    const option = buildOption({ delivery: 'physical' });
    const terms = { ...termsAt('110', 'future'), deliveredInstrument: () => future };
    const change = settle(holdingOf(option, '1'), terms, true, [holdingOf(future, '-1', '120')]);
    // Bought at 100 by exercise what was sold at 120.
    expect(summary(change)).toEqual({ positions: ['ALTA-C100 0', 'ALTA-JUN26 0'], cash: ['2000 USD'] });
  });

  it('exercises by exception from one cent on shares, from anything in cash', () => {
    expect(isExercisedByException(buildOption(), termsAt('100.01'))).toBe(true);
    expect(isExercisedByException(buildOption(), termsAt('100.009'))).toBe(false);
    expect(isExercisedByException(index, termsAt('5000.001', 'broad-index'))).toBe(true);
    expect(isExercisedByException(index, termsAt('5000', 'broad-index'))).toBe(false);
  });

  it('knows how contracts end that do not say', () => {
    expect(deliveryOf(buildOption(), 'equity')).toBe('physical');
    expect(deliveryOf(buildOption({ delivery: 'cash' }), 'equity')).toBe('cash');
    expect(deliveryOf(index, 'broad-index')).toBe('cash');
    expect(deliveryOf(buildFuture(), 'equity')).toBe('cash');
  });

  it('refuses a coin-settled put against a price of 0', () => {
    const put = buildOption({ ...coin, right: 'put' });
    expect(() => intrinsicValue(put, new Decimal(0))).toThrow(
      expect.objectContaining({ code: 'INVALID_LIFECYCLE_EVENT' }),
    );
  });

  it('conserves the value of the account at the settlement price, up to one cent down', () => {
    const amount = (min: number, max: number) => fc.integer({ min, max }).map((cents) => new Decimal(cents).div(100));
    fc.assert(
      fc.property(
        fc.record({
          right: fc.constantFrom('call', 'put'),
          delivery: fc.constantFrom('cash', 'physical'),
          premiumStyle: fc.constantFrom('equity', 'futures'),
          strike: amount(1, 50_000),
          price: amount(1, 50_000),
          multiplier: fc.constantFrom('1', '10', '100', '150', '33.3333'),
          quantity: fc.integer({ min: -500, max: 500 }).filter((n) => n !== 0),
          shares: fc.integer({ min: -5000, max: 5000 }),
          averagePrice: fc.option(amount(1, 5_000), { nil: undefined }),
        }),
        ({ right, delivery, premiumStyle, strike, price, multiplier, quantity, shares, averagePrice }) => {
          const option = buildOption({ right, delivery, premiumStyle, strike, multiplier: new Decimal(multiplier) });
          const holdings = [
            holdingOf(option, String(quantity), averagePrice?.toFixed()),
            ...(shares === 0 ? [] : [holdingOf(buildShare(), String(shares))]),
          ];
          const terms = termsAt(price.toFixed());
          const book = new HoldingBook(holdings);
          const held = holdings[0] as Holding;
          settleContracts(book, { ...held, exercised: intrinsicValue(option, price).greaterThan(0), terms });
          const change = book.changes();
          const before = valueOf(holdings, () => price);
          const after = valueOf(holdingsAfter(holdings, change), () => price).plus(cashOf(change));
          expect(after.lessThanOrEqualTo(before)).toBe(true);
          expect(before.minus(after).lessThan('0.01')).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});
