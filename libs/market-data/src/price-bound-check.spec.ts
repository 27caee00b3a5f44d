import { Decimal, type InstrumentQuote, type OptionInstrument, parseInstant } from '@ballast/domain';
import { isBelowIntrinsic } from './price-bound-check';

const expiry = parseInstant('2026-07-05T00:00:00Z', 'expiry');
const carry = { forward: 100, discountFactor: 0.98, rate: 0.04, yearsToExpiry: 0.5, source: 'stated' } as const;
const option = (changes: Partial<OptionInstrument> = {}): OptionInstrument => ({
  id: 'X', type: 'option', underlying: 'A', right: 'put', strike: new Decimal(120), expiry, exercise: 'european',
  multiplier: new Decimal(1), currency: 'USD', settlement: 'linear', premiumStyle: 'equity', ...changes,
}); // prettier-ignore
const marked = (mark: string | null, ask: string | null = null): InstrumentQuote => ({
  instrumentId: 'X',
  bid: null,
  ask: ask === null ? null : new Decimal(ask),
  mark: mark === null ? null : new Decimal(mark),
  impliedVolatility: null,
  quotedAt: expiry,
  flags: [],
});

describe('isBelowIntrinsic', () => {
  it.each([
    ['European mark above the discounted value', option(), marked('19.7'), false],
    ['European mark below the discounted value', option(), marked('19.5'), true],
    ['ask below', option(), marked(null, '19.5'), true],
    ['American mark below the exercise value', option({ exercise: 'american' }), marked('20.9'), true],
    ['American mark above the exercise value', option({ exercise: 'american' }), marked('21.1'), false],
    ['coin mark below', option({ settlement: 'inverse' }), marked('0.19'), true],
    ['coin mark above', option({ settlement: 'inverse' }), marked('0.2001'), false],
    ['out of the money', option({ right: 'call' }), marked('0'), false],
    ['no price', option(), marked(null), false],
  ])('%s', (_, contract, quote, expected) => {
    expect(isBelowIntrinsic(contract, quote, { carry, spot: 99 })).toBe(expected);
  });
});
