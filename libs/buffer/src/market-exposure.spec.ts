import { Decimal, toMoney } from '@ballast/domain';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { grossMarketExposure, isPremiumOption, leverageOf } from './market-exposure';

const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('BTC', '60000')],
  quotes: [quote('C', { price: '3' }), quote('F', { price: '104' }), quote('BF', { price: '66000' })],
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.25') }],
});
const conversion = { snapshot, baseCurrency: 'USD', fxHaircuts: { EUR: 0.5 } };
const exposure = (...positions: Parameters<typeof portfolioOf>[0]) =>
  grossMarketExposure({ portfolio: portfolioOf(positions), conversion })?.toFixed() ?? null;

describe('grossMarketExposure', () => {
  it('adds market values and notionals, longs and shorts alike', () => {
    expect(exposure(position(share('S'), 10))).toBe('1000');
    expect(exposure(position(option('C'), -2))).toBe('600');
    expect(exposure(position(future('F'), -1))).toBe('10400');
    expect(exposure(position(share('S'), 10), position(option('C'), -2), position(future('F'), -1))).toBe('12000');
    expect(exposure(position(share('E', { currency: 'EUR' }), -10))).toBe('1250');
  });

  it('counts a coin-settled future by its coins, and is unknown without a price', () => {
    const coin = future('BF', {
      underlying: 'BTC',
      settlement: 'inverse',
      currency: 'BTC',
      multiplier: new Decimal(1),
    });
    expect(exposure(position(coin, 2))).toBe('120000');
    expect(exposure(position(option('NONE'), 1))).toBeNull();
    expect(exposure(position(option('NONE'), 0))).toBe('0');
  });
});

describe('leverageOf', () => {
  it('rounds up, and says nothing of an account without equity', () => {
    expect(leverageOf(new Decimal(12000), toMoney('7000', 'USD'))?.toFixed()).toBe('1.7143');
    expect(leverageOf(new Decimal(0), toMoney('7000', 'USD'))?.toFixed()).toBe('0');
    expect(leverageOf(new Decimal(1), toMoney('0', 'USD'))).toBeNull();
    expect(leverageOf(null, toMoney('7000', 'USD'))).toBeNull();
  });
});

describe('isPremiumOption', () => {
  it('is an option whose premium was paid', () => {
    expect([option('C'), option('C', { premiumStyle: 'futures' }), share('S')].map(isPremiumOption)).toEqual([
      true,
      false,
      false,
    ]);
  });
});
