import { Decimal, type InstrumentQuote, parseInstant } from '@ballast/domain';
import { checkQuote, defaultQuoteLimits, inListOrder, isUsableVolatility } from './quote-check';

const asOf = parseInstant('2026-01-05T12:00:00Z', 'asOf');
const context = { asOf, settlement: 'linear', isOption: true, limits: defaultQuoteLimits } as const;
const decimal = (text: string | null) => (text === null ? null : new Decimal(text));
const quote = (
  bid: string | null,
  ask: string | null,
  mark: string | null,
  changes: Partial<InstrumentQuote> = {},
): InstrumentQuote => ({
  instrumentId: 'X',
  bid: decimal(bid),
  ask: decimal(ask),
  mark: decimal(mark),
  impliedVolatility: 0.3,
  quotedAt: asOf,
  flags: [],
  ...changes,
});

describe('checkQuote', () => {
  it.each([
    ['a good quote', quote('1.0', '1.1', '1.05'), []],
    ['crossed', quote('1.2', '1.1', '1.15'), ['Q_CROSSED']],
    ['locked', quote('1.1', '1.1', '1.1'), ['Q_LOCKED']],
    ['no bid', quote(null, '1.1', '1'), ['Q_ONE_SIDED']],
    ['no ask', quote('1.1', null, '1'), ['Q_ONE_SIDED']],
    ['nothing', quote(null, null, null), ['Q_NO_QUOTE']],
    ['a closing price only', quote(null, null, '1'), []],
    ['zero bid', quote('0', '0.03', '0.02'), ['Q_ZERO_BID']],
    ['ask 0', quote(null, '0', '1'), ['Q_NONPOS', 'Q_ONE_SIDED']],
    ['mark 0', quote('0.01', '0.02', '0'), ['Q_NONPOS']],
    ['negative bid', quote('-1', '1', '0.5'), ['Q_NONPOS', 'Q_WIDE']],
    ['spread of 500 %', quote('1', '11', '6'), ['Q_WIDE']],
    ['five ticks wide', quote('0.01', '0.06', '0.03'), []],
    ['six ticks wide', quote('0.01', '0.07', '0.03'), ['Q_WIDE']],
    ['old', quote('1', '1.1', '1', { quotedAt: parseInstant('2026-01-04T11:59:59Z', 'q') }), ['Q_STALE']],
    ['of the future', quote('1', '1.1', '1', { quotedAt: parseInstant('2026-01-05T12:00:03Z', 'q') }), ['Q_FUTURE']],
    ['no volatility', quote('1', '1.1', '1', { impliedVolatility: null }), ['Q_NO_IV']],
    ['volatility 0', quote('1', '1.1', '1', { impliedVolatility: 0 }), ['IV_RANGE']],
    ['volatility 1 100 %', quote('1', '1.1', '1', { impliedVolatility: 11 }), ['IV_RANGE']],
    ['flags of the feed', quote('1', '1.1', '1', { flags: ['SYNTHETIC_FORWARD'] }), ['SYNTHETIC_FORWARD']],
  ])('flags a quote: %s', (_, subject, flags) => {
    expect(checkQuote(subject, context)).toEqual(flags);
  });

  it('asks no volatility of a share, and measures coin spreads in coin ticks', () => {
    expect(checkQuote(quote('1', '1.1', '1', { impliedVolatility: null }), { ...context, isOption: false })).toEqual(
      [],
    );
    const coin = { ...context, settlement: 'inverse' } as const;
    expect(checkQuote(quote('0.0001', '0.0006', null), coin)).toEqual([]);
    expect(checkQuote(quote('0.0001', '0.0007', null), coin)).toEqual(['Q_WIDE']);
  });

  it('holds the believed range of volatility at both ends', () => {
    expect([0.0099, 0.01, 10, 10.01].map((value) => isUsableVolatility(value, defaultQuoteLimits))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('orders flags by name', () => {
    expect(inListOrder(new Set(['Q_WIDE', 'IV_RANGE', 'Q_CROSSED'] as const))).toEqual([
      'IV_RANGE',
      'Q_CROSSED',
      'Q_WIDE',
    ]);
  });
});
