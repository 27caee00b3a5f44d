import { Decimal, type InstrumentQuote, parseInstant, type QuoteFlag, type UnderlyingQuote } from '@ballast/domain';
import type { BuiltSnapshot } from './build-snapshot';
import { judgeSnapshot } from './snapshot-quality';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');

function built(
  flagged: readonly (readonly [QuoteFlag, number])[],
  price: Decimal | null = new Decimal(1),
): BuiltSnapshot {
  const underlying = { underlyingId: 'A', price } as UnderlyingQuote;
  const ids = Array.from({ length: 100 }, (_, index) => `I${index}`);
  return {
    snapshot: {
      asOf,
      underlyings: new Map([['A', underlying]]),
      instruments: new Map(
        ids.map((id) => [id, { impliedVolatility: 0.2, flags: [] as readonly QuoteFlag[] } as InstrumentQuote]),
      ),
      fx: [],
    },
    volatilitySources: new Map(ids.map((id) => [id, 'quoted'])),
    flagCounts: new Map(flagged),
  };
}

describe('judgeSnapshot', () => {
  it.each([
    ['nothing', [], []],
    ['a few stale quotes', [['Q_STALE', 5]], []],
    ['many stale quotes', [['Q_STALE', 6]], ['Q_STALE: 6 of 100 quotes']],
    ['many synthetic forwards', [['SYNTHETIC_FORWARD', 90]], []],
    ['one assumed rate', [['RATE_MISSING', 1]], ['RATE_MISSING: 1 of 100 quotes']],
  ] as const)('judges %s', (_, flagged, reasons) => {
    expect(judgeSnapshot(built(flagged))).toEqual({ quality: reasons.length === 0 ? 'OK' : 'DEGRADED', reasons });
  });

  it('misses the quotes of contracts whose volatility is not known, and of no others', () => {
    const unquoted = (impliedVolatility: number | null) => {
      const all = built([['Q_NO_QUOTE', 100]]);
      const quote = { impliedVolatility, flags: ['Q_NO_QUOTE'] as readonly QuoteFlag[] } as InstrumentQuote;
      const instruments = new Map([...all.snapshot.instruments.keys()].map((id) => [id, quote]));
      return judgeSnapshot({ ...all, snapshot: { ...all.snapshot, instruments } }).reasons;
    };
    expect(unquoted(0.2)).toEqual([]);
    expect(unquoted(null)).toEqual(['Q_NO_QUOTE: 100 of 100 quotes']);
  });

  it('misses prices and volatilities', () => {
    expect(judgeSnapshot(built([], null)).reasons).toEqual(['PRICE_MISSING: A']);
    const blind = built([]);
    const volatilitySources = new Map(
      [...blind.volatilitySources.keys()].map((id, index) => [id, index < 6 ? 'none' : 'quoted'] as const),
    );
    expect(judgeSnapshot({ ...blind, volatilitySources }).reasons).toEqual(['no volatility: 6 of 100 quotes']);
  });
});
