import { Decimal, instantOf, type InstrumentQuote } from '@ballast/domain';
import { isFallback, keptFlags, settledQuote } from './settled-quote';

const quote = (flags: InstrumentQuote['flags']): InstrumentQuote => ({
  ...{ instrumentId: 'A', bid: null, ask: null, mark: new Decimal(1), impliedVolatility: 0.2, quotedAt: instantOf(0), flags },
}); // prettier-ignore

describe('a stored quote in a book', () => {
  it('keeps what its source stated, and no volatility that a fallback put in', () => {
    expect(settledQuote(quote(['Q_WIDE', 'SYNTHETIC_FORWARD']))).toEqual(quote(['SYNTHETIC_FORWARD']));
    expect(settledQuote(quote(['FALLBACK_ONE_SIDED'])).impliedVolatility).toBe(0.2);
    expect(settledQuote(quote(['FALLBACK_SURFACE'])).impliedVolatility).toBeNull();
  });

  it('tells fallbacks and stated findings from the others', () => {
    expect([isFallback('FALLBACK_SURFACE'), isFallback('Q_STALE')]).toEqual([true, false]);
    expect(keptFlags(['Q_STALE', 'RATE_MISSING'])).toEqual({ flags: ['RATE_MISSING'] });
    expect(keptFlags(['Q_STALE'])).toEqual({});
  });
});
