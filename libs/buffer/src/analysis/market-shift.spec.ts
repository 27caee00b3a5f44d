import { Decimal } from '@ballast/domain';
import { asOf, daysLater, underlyingQuote } from '../../../../test/support/portfolio-builder';
import { checkMarketShift, daysAfter, isNoShift, mayBeNegative, movedPrice, movesOf } from './market-shift';

describe('a market shift', () => {
  it('applies the moves of an underlying in place of the general ones', () => {
    const shift = { spot: 0.1, volatility: 0.2, byUnderlying: { V: { spot: -0.3 } } };
    expect(movesOf(shift, 'U')).toEqual({ spot: 0.1, volatility: 0.2, rate: 0 });
    expect(movesOf(shift, 'V')).toEqual({ spot: -0.3, volatility: 0, rate: 0 });
  });

  it('raises a negative price by a positive move', () => {
    expect(movedPrice(new Decimal(-40), 0.25).toFixed()).toBe('-30');
    expect(movedPrice(new Decimal(40), -0.25).toFixed()).toBe('30');
  });

  it('knows that nothing moves', () => {
    expect(isNoShift({ spot: 0, days: 0, byUnderlying: { U: { volatility: 0 } } })).toBe(true);
    expect(isNoShift({ byUnderlying: { U: { volatility: 0.1 } } })).toBe(false);
    expect(daysAfter(asOf, 1.5)).toBe(daysLater(1.5));
  });

  it('lets a future fall below 0 and no share', () => {
    const [share, oil] = [underlyingQuote('U', '10'), underlyingQuote('OIL', '10', { kind: 'future' })];
    expect([share, oil].map(mayBeNegative)).toEqual([false, true]);
    expect(() => checkMarketShift({ spot: -2 }, new Map([['OIL', oil]]))).not.toThrow();
    expect(() => checkMarketShift({ spot: -2 }, new Map([['U', share]]))).toThrow('a price move below −100 %');
  });
});
