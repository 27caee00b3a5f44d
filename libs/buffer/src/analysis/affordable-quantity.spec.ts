import { Decimal } from '@ballast/domain';
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
import { type AccountTrade, applyTrades } from './account-trade';
import { findAffordableQuantity } from './affordable-quantity';

const [call, put, contract, stock] = [option('C'), option('P', { right: 'put' }), future('F'), share('S')];
const snapshot = snapshotOf({
  quotes: [
    quote('C', { volatility: 0.25 }),
    quote('P', { volatility: 0.25 }),
    quote('F', { price: '100' }),
    quote('S', { price: '100' }),
  ],
});
const accountWith = (cash: string, positions: Parameters<typeof portfolioOf>[0] = [], methodology = 'TIMS' as const) =>
  preparedAccount({ portfolio: portfolioOf(positions, { methodology, cash: [cashOf(cash)] }), snapshot });
const trade = (instrument: AccountTrade['instrument'], quantity: number): AccountTrade => ({
  instrument,
  quantity: new Decimal(quantity),
});
const quantityOf = (result: ReturnType<typeof findAffordableQuantity>) =>
  result.status === 'found' ? result.quantity.toNumber() : result.status;

describe('findAffordableQuantity', () => {
  it('carries 6 futures with 9,999.99: each needs 15 % of 100 × 100 = 1,500.00', () => {
    expect(quantityOf(findAffordableQuantity(accountWith('9999.99'), [trade(contract, 1)]))).toBe(6);
    expect(quantityOf(findAffordableQuantity(accountWith('10500.00'), [trade(contract, -1)]))).toBe(-7);
    expect(quantityOf(findAffordableQuantity(accountWith('10499.99'), [trade(contract, 3)]))).toBe(6);
  });

  it('says 0 when not one is carried', () => {
    expect(quantityOf(findAffordableQuantity(accountWith('1499.99'), [trade(contract, 1)]))).toBe(0);
  });

  it('finds the window of a hedge that only some quantities fit: 60 futures short, 60 ± 6 bought', () => {
    const account = accountWith('9100', [position(contract, -60)]);
    expect(quantityOf(findAffordableQuantity(account, [trade(contract, 1)]))).toBe(66);
    expect(quantityOf(findAffordableQuantity(account, [trade(contract, -1)]))).toBe(0);
  });

  it('takes several trades as one package in proportion', () => {
    const account = accountWith('30000');
    const package2 = [trade(call, -2), trade(put, -4)];
    const quantity = quantityOf(findAffordableQuantity(account, package2)) as number;
    expect(quantity).toBeLessThan(0);
    const excessOf = (count: number) =>
      evaluateState(account, applyTrades(account, [trade(call, -count), trade(put, -2 * count)]).portfolio).assessment
        .excess?.amount;
    expect(excessOf(-quantity)?.isNegative()).toBe(false);
    expect(excessOf(-quantity + 1)?.isNegative()).toBe(true);
  });

  it('knows no limit where more of a trade never binds', () => {
    const free = preparedAccount({
      portfolio: portfolioOf([], { methodology: 'TIMS', cash: [cashOf('1')] }),
      snapshot,
      parameters: { minimumPerContract: 0, ranges: { equity: [-1e-300, 1e-300] } },
    });
    expect(findAffordableQuantity(free, [trade(stock, 1)])).toEqual({ status: 'unlimited' });
  });

  it('cannot tell for an account that cannot be valued', () => {
    const account = accountWith('1000', [position(option('UNPRICED'), 1)]);
    expect(findAffordableQuantity(account, [trade(contract, 1)])).toEqual({ status: 'indeterminate' });
  });
});
