import { Decimal, type Instant, type InstrumentQuote, instantOf, parseInstant } from '@ballast/domain';
import { defaultQuoteLimits } from '../quote-check';
import { type SourcedUnderlying, takeQuote, takeUnderlying } from './second-source';

const asOf = parseInstant('2019-10-31T21:00:00Z', 'asOf');
const ago = (seconds: number): Instant => instantOf(asOf - 1_000 * seconds);
const price = (text: string | null, age = 0) => ({
  price: text === null ? null : new Decimal(text),
  quotedAt: ago(age),
});
const index = (text: string | null, age = 0, kind: 'crypto' | 'future' = 'crypto'): SourcedUnderlying => {
  return { underlyingId: 'BTC', kind, ...price(text, age) };
};
const others = (...prices: ReturnType<typeof price>[]) => prices.map((one, place) => ({ source: `s${place}`, ...one }));
const market = { asOf, ageMaximumMs: 60_000 };
const take = (mine: ReturnType<typeof index>, ...rest: ReturnType<typeof price>[]) => {
  const { price: found, flags = [] } = takeUnderlying(mine, others(...rest), market);
  return [found?.toFixed() ?? null, ...flags];
};

describe('the price of an underlying by several sources', () => {
  // Deribit, 31 October 2019: one of the index's sources fell by 16 % while others were stale.
  const fair = ['9150', '9152', '9149', '9151', '9150', '9148', '9151'];
  it.each([
    ['one spiked', 1, 0],
    ['one spiked, one stale', 1, 1],
    ['one spiked, two stale', 1, 2],
    ['two spiked, two stale', 2, 2],
    ['three spiked, three stale', 3, 3],
    ['four spiked', 4, 0],
  ])('of seven: %s: within 0.5 % or flagged, whichever sources they are', (_, spiked, stale) => {
    for (let turn = 0; turn < 7; turn += 1) {
      const all = fair.map((text, place) => {
        const rank = (place + turn) % 7;
        if (rank < spiked) return price(new Decimal(text).times('0.84').toFixed());
        return rank < spiked + stale ? price(new Decimal(text).times('0.97').toFixed(), 300) : price(text);
      });
      const [mine, ...rest] = all as [ReturnType<typeof price>, ...ReturnType<typeof price>[]];
      const own: SourcedUnderlying = { underlyingId: 'BTC', kind: 'crypto', ...mine };
      const found = takeUnderlying(own, others(...rest), market);
      const isNear = Math.abs(Number(found.price?.toFixed()) / 9150 - 1) <= 0.005;
      expect([turn, isNear || (found.flags ?? []).length > 0]).toEqual([turn, true]);
      if (spiked + stale <= 3) expect([turn, isNear]).toEqual([turn, true]);
    }
  });

  it.each([
    ['one source is what it is', take(index('100')), ['100']],
    ['of two the own one stands', take(index('100'), price('101')), ['100']],
    ['two that differ by more than 5 % are told', take(index('100'), price('106')), ['100', 'Q_SPIKE']],
    ['a missing price is replaced', take(index(null), price('101')), ['101', 'FALLBACK_SECOND_SOURCE', 'Q_NO_QUOTE']],
    ['zero is a missing price', take(index('0'), price('101')), ['101', 'FALLBACK_SECOND_SOURCE', 'Q_NO_QUOTE']],
    ['a stale price is replaced', take(index('90', 61), price('101')), ['101', 'FALLBACK_SECOND_SOURCE', 'Q_STALE']],
    ['an early price is replaced', take(index('90', -3), price('101')), ['101', 'FALLBACK_SECOND_SOURCE', 'Q_FUTURE']],
    ['a stale one stays where the other is no better', take(index('90', 61), price('101', 90)), ['90']],
    [
      'a negative price of a coin is none',
      take(index('-1'), price('101')),
      ['101', 'FALLBACK_SECOND_SOURCE', 'Q_NO_QUOTE'],
    ],
    ['of a future it is one', take(index('-37.63', 0, 'future'), price('-37.6')), ['-37.63']],
    ['an even number is averaged', take(index('100'), price('101'), price('102'), price('103')), ['101.5']],
    [
      'three that all disagree are told',
      take(index('100'), price('200'), price('300')),
      ['200', 'FALLBACK_SECOND_SOURCE', 'Q_SPIKE'],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });

  it('keeps the time of the price it took', () => {
    expect(takeUnderlying(index('90', 61), others(price('101', 5)), market).quotedAt).toBe(ago(5));
    const quote = index('90');
    expect(takeUnderlying(quote, [], market)).toBe(quote);
  });
});

describe('the quote of a contract by several sources', () => {
  const quote = (bid: string | null, ask: string | null, changes: Partial<InstrumentQuote> = {}): InstrumentQuote => {
    const side = (text: string | null) => (text === null ? null : new Decimal(text));
    return { instrumentId: 'X', bid: side(bid), ask: side(ask), mark: null, impliedVolatility: null, quotedAt: asOf, flags: [], ...changes }; // prettier-ignore
  };
  const context = { asOf, settlement: 'linear', isOption: true, limits: defaultQuoteLimits } as const;
  const good = quote('1', '1.1');

  it.each([
    ['crossed', quote('2', '1'), 'Q_CROSSED'],
    ['empty', quote(null, null), 'Q_NO_QUOTE'],
    ['negative', quote('-1', '1'), 'Q_NONPOS'],
    ['stale', quote('1', '1.1', { quotedAt: ago(90_000) }), 'Q_STALE'],
    ['early', quote('1', '1.1', { quotedAt: ago(-10) }), 'Q_FUTURE'],
    ['of an impossible volatility', quote('1', '1.1', { impliedVolatility: 11 }), 'IV_RANGE'],
  ] as const)('that is %s makes way for one that is good, and says so', (_, bad, flag) => {
    const found = takeQuote(bad, [bad, good], context);
    expect(found).toEqual({ ...good, flags: ['FALLBACK_SECOND_SOURCE', flag].sort() });
    expect(takeQuote(bad, [bad], context)).toBe(bad);
  });

  it('that is fit stays, and so does a volatility without a quote', () => {
    const volatility = quote(null, null, { impliedVolatility: 0.3 });
    for (const mine of [good, volatility]) expect(takeQuote(mine, [quote('3', '4')], context)).toBe(mine);
  });

  it('that makes way leaves behind how much is open and trades, where the other does not say', () => {
    const mine = { ...quote('5', '1'), openInterest: new Decimal(7), volume: new Decimal(3) };
    const countsOf = ({ openInterest, volume }: InstrumentQuote) => [openInterest?.toFixed(), volume?.toFixed()];
    const taken = takeQuote(mine, [good], context);
    expect([taken.bid, ...countsOf(taken)]).toEqual([good.bid, '7', '3']);
    expect(countsOf(takeQuote(mine, [{ ...good, volume: new Decimal(9) }], context))).toEqual(['7', '9']);
    expect(takeQuote(quote('5', '1'), [good], context)).not.toHaveProperty('volume');
  });
});
