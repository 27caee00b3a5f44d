import { Decimal, parseInstant, type UnderlyingQuote } from '@ballast/domain';
import { forwardToExpiry } from './forward-to-expiry';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');
const expiry = parseInstant('2027-01-05T00:00:00Z', 'expiry');
const underlying = (changes: Partial<UnderlyingQuote> = {}): UnderlyingQuote => ({
  underlyingId: 'A',
  kind: 'equity',
  currency: 'USD',
  price: new Decimal(100),
  rate: 0.05,
  dividendYield: 0.02,
  forwards: [],
  quotedAt: asOf,
  ...changes,
});

describe('forwardToExpiry', () => {
  it('carries spot at rate and dividend yield', () => {
    const carried = forwardToExpiry(underlying(), asOf, expiry);
    expect(carried).toMatchObject({ rate: 0.05, yearsToExpiry: 1, source: 'carried' });
    expect(carried?.forward).toBeCloseTo(103.0454533953517, 12);
    expect(carried?.discountFactor).toBeCloseTo(0.951229424500714, 14);
  });

  it('takes the stated forward and its rate of exactly this expiry', () => {
    const stated = underlying({ forwards: [{ expiry, price: new Decimal('98.5'), rate: 0.01 }] });
    expect(forwardToExpiry(stated, asOf, expiry)).toMatchObject({ forward: 98.5, rate: 0.01, source: 'stated' });
    const other = parseInstant('2027-01-06T00:00:00Z', 'expiry');
    expect(forwardToExpiry(stated, asOf, other)?.source).toBe('carried');
  });

  it('carries a future at no cost', () => {
    expect(forwardToExpiry(underlying({ kind: 'future' }), asOf, expiry)?.forward).toBe(100);
  });

  it('answers null without a price, unless a forward is stated', () => {
    expect(forwardToExpiry(underlying({ price: null }), asOf, expiry)).toBeNull();
    const stated = underlying({ price: null, forwards: [{ expiry, price: new Decimal(99) }] });
    expect(forwardToExpiry(stated, asOf, expiry)).toMatchObject({ forward: 99, rate: 0.05 });
  });
});
