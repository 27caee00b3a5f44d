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
});
