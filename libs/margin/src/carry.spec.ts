import { Decimal } from '@ballast/domain';
import { exp } from '@ballast/pricing';
import { daysLater, underlyingQuote } from '../../../test/support/portfolio-builder';
import { carryTo, quotedForward } from './carry';

describe('carryTo', () => {
  const expiry = daysLater(73);
  const facts = { expiry, spot: 100, yearsToExpiry: 0.2 };

  it('takes the figures of the underlying', () => {
    const underlying = underlyingQuote('U', '100', { rate: 0.05, dividendYield: 0.02 });
    expect(carryTo({ underlying, ...facts })).toEqual({ rate: 0.05, dividendYield: 0.02 });
  });

  it('gives a future no cost of carry', () => {
    const underlying = underlyingQuote('U', '100', { kind: 'future', rate: 0.05 });
    expect(carryTo({ underlying, ...facts })).toEqual({ rate: 0.05, dividendYield: 0.05 });
  });

  it('lets a quoted forward of the expiry override both, so that the forward comes back', () => {
    const forwards = [{ expiry, price: new Decimal('103.5'), rate: 0.07 }];
    const carry = carryTo({ underlying: underlyingQuote('U', '100', { rate: 0.05, forwards }), ...facts });
    expect(carry.rate).toBe(0.07);
    expect(100 * exp((carry.rate - carry.dividendYield) * 0.2)).toBeCloseTo(103.5, 11);
  });

  it('ignores a forward of another expiry and, at expiry, one whose yield has no meaning', () => {
    const forwards = [{ expiry: daysLater(10), price: new Decimal('103.5') }];
    const underlying = underlyingQuote('U', '100', { rate: 0.05, forwards });
    expect(carryTo({ underlying, ...facts })).toEqual({ rate: 0.05, dividendYield: 0 });
    expect(carryTo({ underlying, expiry: daysLater(10), spot: 100, yearsToExpiry: 0 })).toEqual({
      rate: 0.05,
      dividendYield: 0,
    });
  });
});

describe('quotedForward', () => {
  it('finds the forward of exactly that expiry', () => {
    const forward = { expiry: daysLater(10), price: new Decimal('103.5') };
    const underlying = underlyingQuote('U', '100', { forwards: [forward] });
    expect(quotedForward(underlying, daysLater(10))).toBe(forward);
    expect(quotedForward(underlying, daysLater(11))).toBeUndefined();
  });
});
