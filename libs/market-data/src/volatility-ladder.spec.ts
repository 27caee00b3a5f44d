import { Decimal, type InstrumentQuote, type OptionInstrument, parseInstant } from '@ballast/domain';
import { black76Price } from '@ballast/pricing';
import { defaultQuoteLimits } from './quote-check';
import { climbVolatilityLadder } from './volatility-ladder';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');
const option: OptionInstrument = {
  id: 'X', type: 'option', underlying: 'A', right: 'call', strike: new Decimal(100), expiry: parseInstant('2027-01-05T00:00:00Z', 'e'),
  exercise: 'european', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear', premiumStyle: 'equity',
}; // prettier-ignore
const carry = { forward: 100, discountFactor: 1, rate: 0, yearsToExpiry: 1, source: 'carried' } as const;
const market = { carry, spot: 100, limits: defaultQuoteLimits };
const worth = (volatility: number) =>
  new Decimal(
    black76Price({ forward: 100, strike: 100, yearsToExpiry: 1, rate: 0, volatility, right: 'call' }).toFixed(10),
  );
const quote = (changes: Partial<InstrumentQuote>): InstrumentQuote => ({
  instrumentId: 'X',
  bid: null,
  ask: null,
  mark: null,
  impliedVolatility: null,
  quotedAt: asOf,
  flags: [],
  ...changes,
});

describe('the volatility ladder', () => {
  it.each([
    ['quoted', quote({ impliedVolatility: 0.25, mark: worth(0.4) }), 0.25, []],
    ['mid', quote({ bid: worth(0.29), ask: worth(0.31), mark: worth(0.5) }), 0.3, ['Q_NO_IV']],
    ['mark', quote({ bid: worth(0.5), ask: worth(0.1), mark: worth(0.4), flags: ['Q_CROSSED'] }), 0.4, ['Q_NO_IV']],
    ['mark', quote({ mark: worth(0.35), ask: worth(0.6) }), 0.35, ['Q_NO_IV']],
    ['one-sided', quote({ ask: worth(0.6) }), 0.6, ['Q_NO_IV']],
    ['one-sided', quote({ bid: worth(0.2) }), 0.2, ['Q_NO_IV']],
    ['mark', quote({ impliedVolatility: 12, mark: worth(0.35) }), 0.35, ['IV_RANGE']],
  ])('stands on rung %s', (source, subject, volatility, flags) => {
    const found = climbVolatilityLadder(option, subject, market);
    expect(found.source).toBe(source);
    expect(found.volatility).toBeCloseTo(volatility, 4);
    expect(found.flags).toEqual(flags);
  });

  it('falls off without a usable price', () => {
    expect(climbVolatilityLadder(option, quote({}), market)).toEqual({
      volatility: null,
      source: 'none',
      flags: ['Q_NO_IV'],
    });
    const zero = quote({ mark: new Decimal(0), bid: new Decimal(0) });
    expect(climbVolatilityLadder(option, zero, market).volatility).toBeNull();
    const unknown = climbVolatilityLadder(option, quote({ mark: worth(0.3) }), { ...market, carry: null });
    expect(unknown).toEqual({ volatility: null, source: 'none', flags: ['Q_NO_IV'] });
  });

  it('flags a mark below intrinsic value and takes the next rung', () => {
    const deep = { ...option, strike: new Decimal(50) };
    const found = climbVolatilityLadder(deep, quote({ mark: new Decimal(49) }), market);
    expect(found).toEqual({ volatility: null, source: 'none', flags: ['Q_NO_IV', 'PRICE_BELOW_INTRINSIC'] });
  });

  it('flags an ask below intrinsic value, alone or not, but no mark, bid or middle at its rim', () => {
    const deep = { ...option, strike: new Decimal(50) };
    const flagsOf = (changes: Partial<InstrumentQuote>) => climbVolatilityLadder(deep, quote(changes), market).flags;
    expect(flagsOf({ ask: new Decimal(49) })).toEqual(['Q_NO_IV', 'PRICE_BELOW_INTRINSIC']);
    expect(flagsOf({ bid: new Decimal(48), ask: new Decimal(49) })).toEqual(['Q_NO_IV', 'PRICE_BELOW_INTRINSIC']);
    expect(flagsOf({ mark: new Decimal(50) })).toEqual(['Q_NO_IV']);
    expect(flagsOf({ bid: new Decimal(49) })).toEqual(['Q_NO_IV']);
    expect(flagsOf({ bid: new Decimal(49), ask: new Decimal('50.5') })).toEqual(['Q_NO_IV']);
  });

  it('does not believe a volatility implied outside the range', () => {
    const found = climbVolatilityLadder(option, quote({ mark: new Decimal('99.9999999') }), market);
    expect(found).toEqual({ volatility: null, source: 'none', flags: ['IV_RANGE', 'Q_NO_IV'].reverse() });
  });
});
