import { Decimal, type OptionInstrument, parseInstant } from '@ballast/domain';
import { black76Price, exp } from '@ballast/pricing';
import { impliedContractVolatility } from './implied-contract-volatility';

const option = (changes: Partial<OptionInstrument> = {}): OptionInstrument => ({
  id: 'X',
  type: 'option',
  underlying: 'A',
  right: 'put',
  strike: new Decimal(95),
  expiry: parseInstant('2026-07-05T00:00:00Z', 'expiry'),
  exercise: 'european',
  multiplier: new Decimal(100),
  currency: 'USD',
  settlement: 'linear',
  premiumStyle: 'equity',
  ...changes,
});
const carry = { forward: 101, discountFactor: exp(-0.02), rate: 0.04, yearsToExpiry: 0.5, source: 'carried' } as const;
const value = black76Price({ forward: 101, strike: 95, yearsToExpiry: 0.5, rate: 0.04, volatility: 0.3, right: 'put' });

describe('impliedContractVolatility', () => {
  it('inverts the price of a European option', () => {
    const implied = impliedContractVolatility(option(), value, { carry, spot: 99 });
    expect(implied.status).toBe('ok');
    expect(implied.status === 'ok' && implied.volatility).toBeCloseTo(0.3, 12);
  });

  it('inverts a coin price', () => {
    const undiscounted = black76Price({
      forward: 101,
      strike: 95,
      yearsToExpiry: 0.5,
      rate: 0,
      volatility: 0.6,
      right: 'put',
    });
    const coin = option({ settlement: 'inverse', currency: 'BTC' });
    const implied = impliedContractVolatility(coin, undiscounted / 101, { carry, spot: 99 });
    expect(implied.status === 'ok' && implied.volatility).toBeCloseTo(0.6, 12);
  });

  it('inverts an American price, and takes it as European when spot is unknown', () => {
    const american = option({ exercise: 'american' });
    const early = impliedContractVolatility(american, value, { carry, spot: 99 });
    const european = impliedContractVolatility(american, value, { carry, spot: null });
    expect(european.status === 'ok' && european.volatility).toBeCloseTo(0.3, 12);
    // The right to exercise early is worth something, so the same price needs less volatility.
    expect(early.status === 'ok' && early.volatility).toBeLessThan(0.3);
    expect(early.status === 'ok' && early.volatility).toBeGreaterThan(0.28);
  });

  it.each([
    ['a price of 0', 0, carry],
    ['a price below intrinsic', 1, { ...carry, forward: 80 }],
    ['no time left', 5, { ...carry, yearsToExpiry: 0 }],
    ['a forward of 0', 5, { ...carry, forward: 0 }],
  ])('finds none for %s', (_, price, terms) => {
    expect(impliedContractVolatility(option(), price, { carry: terms, spot: 99 }).status).toBe('below-intrinsic');
  });

  it('finds none above the strike', () => {
    expect(impliedContractVolatility(option(), 96, { carry, spot: 99 }).status).toBe('above-maximum');
  });
});
