import { Decimal } from '@ballast/domain';
import { snapshotOf, underlyingQuote } from '../../../test/support/portfolio-builder';
import { currencyRate } from './fx-to-base';

describe('currencyRate', () => {
  const rate = (from: string, to: string, value: string) => ({ from, to, rate: new Decimal(value) });
  const snapshot = snapshotOf({
    underlyings: [underlyingQuote('BTC', '60000'), underlyingQuote('ETH', null)],
    fx: [rate('EUR', 'USD', '1.25')],
  });

  it('takes a stated rate and its inverse', () => {
    expect(currencyRate(snapshot, { from: 'EUR', to: 'USD' })).toBe(1.25);
    expect(currencyRate(snapshot, { from: 'USD', to: 'EUR' })).toBe(0.8);
    expect(currencyRate(snapshot, { from: 'USD', to: 'USD' })).toBe(1);
  });

  it('values a coin at its unshocked index, also into a third currency and back', () => {
    expect(currencyRate(snapshot, { from: 'BTC', to: 'USD' })).toBe(60000);
    expect(currencyRate(snapshot, { from: 'BTC', to: 'EUR' })).toBe(48000);
    expect(currencyRate(snapshot, { from: 'USD', to: 'BTC' })).toBe(1 / 60000);
  });

  it('counts one coin in another by the ratio of their index prices, a stated rate first', () => {
    const coins = [
      underlyingQuote('BTC', '60000'),
      underlyingQuote('SOL', '150'),
      underlyingQuote('XEU', '6', { currency: 'EUR' }),
    ];
    const market = snapshotOf({ underlyings: coins, fx: [rate('EUR', 'USD', '1.25')] });
    expect(currencyRate(market, { from: 'SOL', to: 'BTC' })).toBe(150 / 60000);
    expect(currencyRate(market, { from: 'XEU', to: 'BTC' })).toBe(7.5 / 60000);
    const stated = snapshotOf({ underlyings: coins, fx: [rate('SOL', 'BTC', '0.0024')] });
    expect(currencyRate(stated, { from: 'SOL', to: 'BTC' })).toBe(0.0024);
  });

  it.each([
    ['JPY', 'USD'],
    ['ETH', 'USD'],
  ])('never makes a missing rate 1: %s to %s', (from, to) => {
    expect(() => currencyRate(snapshot, { from, to })).toThrow(expect.objectContaining({ code: 'FX_MISSING' }));
  });
});
