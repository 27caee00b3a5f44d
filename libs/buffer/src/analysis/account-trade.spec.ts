import { Decimal, formatMoney } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../test/support/portfolio-builder';
import { evaluateState } from './account-state';
import { addCash, applyTrades } from './account-trade';

const call = option('C');
const contract = future('F');
const stock = share('S');
const snapshot = snapshotOf({
  quotes: [quote('C', { volatility: 0.25 }), quote('F', { price: '101' }), quote('S', { price: '100' })],
});
const account = preparedAccount({
  portfolio: portfolioOf([position(stock, 10)], { methodology: 'TIMS', cash: [cashOf('60000')] }),
  snapshot,
});
const equityAfter = (...trades: Parameters<typeof applyTrades>[1]) =>
  formatMoney(
    evaluateState(account, applyTrades(account, trades).portfolio).assessment.equity ?? {
      amount: new Decimal(NaN),
      currency: 'USD',
    },
  );

describe('applyTrades', () => {
  it('buys and sells at the mark without changing the equity, whatever the contract', () => {
    expect(equityAfter()).toBe('61000.00');
    for (const instrument of [call, contract, stock])
      for (const quantity of ['7', '-3'])
        expect(equityAfter({ instrument, quantity: new Decimal(quantity) })).toBe('61000.00');
  });

  it('pays 5 contracts of an option at 4.50 with 2,250.00 and 1.25 of fees each, and gains what the mark is above it', () => {
    const trade = {
      instrument: call,
      quantity: new Decimal(5),
      price: new Decimal('4.50'),
      feePerContract: new Decimal('1.25'),
    };
    const { effects, portfolio } = applyTrades(account, [trade]);
    expect(effects[0]?.cash.amount.toFixed(2)).toBe('-2256.25');
    expect(portfolio.cash[0]?.amount.toFixed(2)).toBe('57743.75');
    const mark = evaluateState(account, portfolio).requirement.model?.netOptionValue ?? NaN;
    expect(Number(equityAfter(trade))).toBeCloseTo(61000 - 2256.25 + mark, 1);
  });

  it('starts a future at its price: bought at 99, marked at 101, 2 × 100 × 3 unrealised and no cash', () => {
    const trade = { instrument: contract, quantity: new Decimal(3), price: new Decimal(99) };
    expect(applyTrades(account, [trade]).effects[0]?.cash.amount.toFixed()).toBe('0');
    expect(equityAfter(trade)).toBe('61600.00');
  });

  it('gives the same equity when a lot is opened and closed as its prices differ', () => {
    const buy = { instrument: contract, quantity: new Decimal(3), price: new Decimal(99) };
    const sell = { instrument: contract, quantity: new Decimal(-3), price: new Decimal(104) };
    expect(equityAfter(buy, sell)).toBe('62500.00');
  });

  it.each([
    ['no quantity', { instrument: call, quantity: new Decimal(0) }, 'trades[0].quantity'],
    ['a negative premium', { instrument: call, quantity: new Decimal(1), price: new Decimal(-1) }, 'trades[0].price'],
    [
      'a negative fee',
      { instrument: call, quantity: new Decimal(1), feePerContract: new Decimal(-1) },
      'trades[0].fee',
    ],
  ])('refuses %s', (_, trade, field) => {
    expect(() => applyTrades(account, [trade])).toThrow(expect.objectContaining({ code: 'INVALID_POSITION', field }));
  });

  it('refuses a trade without a price in a contract that has none', () => {
    const unknown = { instrument: option('X'), quantity: new Decimal(1) };
    expect(() => applyTrades(account, [unknown])).toThrow(expect.objectContaining({ code: 'PRICE_MISSING' }));
  });
});

describe('addCash', () => {
  it('adds by currency and opens a new one', () => {
    const sum = addCash([cashOf('10')], [cashOf('-4'), cashOf('3', 'EUR'), cashOf('0', 'JPY')]);
    expect(sum.map(({ currency, amount }) => `${currency} ${amount.toFixed()}`)).toEqual(['USD 6', 'EUR 3']);
  });
});
