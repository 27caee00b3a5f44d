import { Decimal } from '@ballast/domain';
import {
  option,
  portfolioOf,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { findPrice } from './instrument-price';

const portfolio = portfolioOf([]);

describe('findPrice', () => {
  it('takes the mark, else what the underlying or the volatility give, else nothing with a reason', () => {
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', null)],
      quotes: [quote('C', { price: '3' }), quote('D', { volatility: 0.2 })],
    });
    const price = (instrument: Parameters<typeof findPrice>[0]) => findPrice(instrument, { portfolio, snapshot });
    expect(price(option('C')).amount?.toFixed()).toBe('3');
    expect(price(share('S')).amount?.toFixed()).toBe('100');
    // 0.4 · σ√T of the forward at the money: 0.4 · 0.2 · √0.2 · 100 ≈ 3.57
    expect(price(option('D')).amount?.toNumber()).toBeCloseTo(3.567, 2);
    expect(price(share('T', { underlying: 'V' }))).toEqual({ amount: null, why: 'T: no price' });
    expect(price(option('E'))).toMatchObject({ amount: null });
  });

  it('takes the normal model where a lognormal one has no meaning: strikes and prices below 0, volatilities in price units', () => {
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('U', '-12.5', { kind: 'future' }), underlyingQuote('V', '40', { kind: 'future' })],
      quotes: [quote('N', { volatility: 30 }), quote('B', { volatility: 30 }), quote('V', { volatility: 30 })],
    });
    const price = (instrument: Parameters<typeof findPrice>[0]) =>
      findPrice(instrument, { portfolio, snapshot }).amount?.toNumber();
    const years = 0.2;
    // At the money σ√(T/2π) per unit, T about 0.2
    const atTheMoney = 30 * Math.sqrt(years / (2 * Math.PI));
    expect(price(option('N', { strike: new Decimal('-12.5') }))).toBeCloseTo(atTheMoney, 0);
    expect(price(option('V', { underlying: 'V', strike: new Decimal('40') }))).toBeCloseTo(atTheMoney, 0);
    expect(price(option('B', { strike: new Decimal('-10'), right: 'put' }))).toBeGreaterThan(2.5);
  });
});
