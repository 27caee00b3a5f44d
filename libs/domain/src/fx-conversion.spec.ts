import { Decimal } from './decimal';
import { findFxRate, fxRateBetween } from './fx-conversion';

const rates = [
  { from: 'EUR', to: 'USD', rate: new Decimal('1.25') },
  { from: 'BTC', to: 'USD', rate: new Decimal('50000') },
];

describe('fxRateBetween', () => {
  it.each([
    ['USD', 'USD', '1'],
    ['EUR', 'USD', '1.25'],
    ['USD', 'EUR', '0.8'],
    ['BTC', 'EUR', '40000'],
    ['EUR', 'BTC', '0.000025'],
  ])('converts %s to %s at %s', (from, to, expected) => {
    expect(fxRateBetween(rates, { from, to }).toFixed()).toBe(expected);
  });
  it('never takes a missing rate for 1', () => {
    expect(() => fxRateBetween(rates, { from: 'GBP', to: 'USD' })).toThrow('no exchange rate from GBP to USD');
    expect(findFxRate(rates, { from: 'GBP', to: 'USD' })).toBeUndefined();
  });
});
