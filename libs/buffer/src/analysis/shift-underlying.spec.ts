import { Decimal } from '@ballast/domain';
import { asOf, daysLater, portfolioOf, position, underlyingQuote } from '../../../../test/support/portfolio-builder';
import { shiftUnderlying } from './shift-underlying';

const perpetual = {
  id: 'PERP',
  type: 'perpetual',
  underlying: 'U',
  multiplier: new Decimal(1),
  currency: 'USD',
  settlement: 'linear',
} as const;
const portfolio = portfolioOf([position(perpetual, -3)]);
const expiry = daysLater(100);
const shift = (changes: Parameters<typeof underlyingQuote>[2], move: number, days = 0, price: string | null = '100') =>
  shiftUnderlying(underlyingQuote('U', price, changes), { move, from: asOf, to: daysLater(days), portfolio });

describe('shiftUnderlying', () => {
  it('moves price and forwards by the relative move', () => {
    const moved = shift({ forwards: [{ expiry, price: new Decimal(104), rate: 0.03 }] }, 0.5);
    expect(moved.price?.toFixed()).toBe('150');
    expect(moved.forwards).toEqual([{ expiry, price: new Decimal(156), rate: 0.03 }]);
  });

  it('leaves the forwards of a future as far away as they were when time passes', () => {
    const forwards = [{ expiry, price: new Decimal(104) }];
    expect(shift({ forwards, kind: 'future' }, 0, 50).forwards[0]?.price.toNumber()).toBe(104);
    expect(shift({ forwards }, 0, 100).forwards[0]?.price.toNumber()).toBeCloseTo(100, 12);
  });

  it('takes a negative price up with a positive move, its forward in proportion', () => {
    const moved = shift({ kind: 'future', forwards: [{ expiry, price: new Decimal(-20) }] }, 0.5, 0, '-40');
    expect([moved.price?.toFixed(), moved.forwards[0]?.price.toFixed()]).toEqual(['-20', '-10']);
  });

  it('moves the stated profit of a perpetual with what the account holds of it', () => {
    const moved = shift({ perpetual: { price: new Decimal(101), unrealisedPnl: new Decimal(7) } }, 0.1);
    expect(moved.perpetual?.price.toFixed()).toBe('111.1');
    expect(moved.perpetual?.unrealisedPnl?.toFixed()).toBe('-23.3');
  });

  it('moves the stated profit of a coin-settled perpetual in coin', () => {
    // 3 coins short from 90, now at 100: −3·(1 − 90/100) = −0.3; at 125: −3·(1 − 90/125) = −0.84
    const inverse = { ...perpetual, currency: 'BTC', settlement: 'inverse' } as const;
    const moved = shiftUnderlying(
      underlyingQuote('U', '100', { perpetual: { price: new Decimal(100), unrealisedPnl: new Decimal('-0.3') } }),
      { move: 0.25, from: asOf, to: asOf, portfolio: portfolioOf([position(inverse, -3)]) },
    );
    expect(moved.perpetual?.unrealisedPnl?.toNumber()).toBeCloseTo(-0.84, 14);
  });

  it('leaves an underlying without a price alone', () => {
    expect(shift({}, 0.1, 0, null).price).toBeNull();
  });
});
