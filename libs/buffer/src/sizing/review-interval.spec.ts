import fc from 'fast-check';
import { reviewInterval } from './review-interval';

describe('reviewInterval', () => {
  it('is 60 minutes where all is usual, a quarter at twice the volatility, a day at most, a minute without a buffer', () => {
    const usual = { volatility: 0.2, leverage: 1, bufferRatio: 1 };
    expect(reviewInterval(usual)).toBe(60);
    expect(reviewInterval({ ...usual, volatility: 0.4 })).toBe(15);
    expect(reviewInterval({ ...usual, bufferRatio: 50 })).toBe(1440);
    expect(reviewInterval({ ...usual, volatility: 0 })).toBe(1440);
    expect(reviewInterval({ ...usual, bufferRatio: -1 })).toBe(1);
  });

  it('falls with volatility and leverage and rises with the buffer', () => {
    const size = fc.double({ min: 0.01, max: 10, noNaN: true });
    fc.assert(
      fc.property(size, size, size, size, (volatility, leverage, bufferRatio, more) => {
        const now = reviewInterval({ volatility, leverage, bufferRatio });
        expect(reviewInterval({ volatility: volatility + more, leverage, bufferRatio })).toBeLessThanOrEqual(now);
        expect(reviewInterval({ volatility, leverage: leverage + more, bufferRatio })).toBeLessThanOrEqual(now);
        expect(reviewInterval({ volatility, leverage, bufferRatio: bufferRatio + more })).toBeGreaterThanOrEqual(now);
      }),
    );
  });
});
