import {
  Decimal,
  type Instant,
  instantOf,
  type InstrumentQuote,
  type OptionInstrument,
  parseInstant,
  type UnderlyingQuote,
} from '@ballast/domain';
import fc from 'fast-check';
import { buildSnapshot } from '../build-snapshot';
import { guardSnapshot } from '../guard/guard-snapshot';
import { liveQuoteLimits as limits } from '../quote-check';
import { judgeFindings, judgeSnapshot } from '../snapshot-quality';
import { joinParts, judgedParts, marketOfParts, partsOf, unjudgedParts } from './market-part';

const names = ['A', 'B', 'C'];
const start = parseInstant('2026-11-02T15:00:00Z', 'start');
const expiry = parseInstant('2026-12-18T21:00:00Z', 'expiry');
const contracts = names.flatMap((underlying) =>
  [95, 100, 105].flatMap((strike) =>
    (['call', 'put'] as const).map((right): OptionInstrument => ({
      ...{ id: `${underlying}-${strike}-${right}`, type: 'option', underlying, right, strike: new Decimal(strike), expiry },
      ...{ exercise: 'european', multiplier: new Decimal(100), currency: 'USD', settlement: 'linear', premiumStyle: 'equity' },
    })),
  ),
); // prettier-ignore
const instruments = new Map(contracts.map((terms) => [terms.id, terms]));

const price = fc.option(fc.integer({ min: -1, max: 60 }), { freq: 5 });
const quote = fc.record({ bid: price, ask: price, mark: price, volatility: fc.option(fc.double({ min: 0.005, max: 1, noNaN: true })), age: fc.nat(400) }); // prettier-ignore
const market = fc.record({
  prices: fc.tuple(...names.map(() => fc.record({ price: fc.option(fc.integer({ min: 80, max: 140 }), { freq: 9 }), age: fc.nat(80) }))),
  quotes: fc.tuple(...contracts.map(() => fc.option(quote, { freq: 5 }))),
}); // prettier-ignore
type Stated = typeof market extends fc.Arbitrary<infer Value> ? Value : never;

const decimal = (value: number | null): Decimal | null => (value === null ? null : new Decimal(value));

function inputOf({ prices, quotes }: Stated, asOf: Instant, only: readonly string[]) {
  const at = (age: number): Instant => instantOf(asOf - 1_000 * age);
  const underlyings = names.map((underlyingId, index): UnderlyingQuote => ({
    ...{ underlyingId, kind: 'equity', currency: 'USD', price: decimal(prices[index]?.price ?? null), rate: 0.03, dividendYield: 0 },
    ...{ forwards: [], quotedAt: at(prices[index]?.age ?? 0) },
  })); // prettier-ignore
  const rows = contracts.flatMap(({ id: instrumentId }, index): InstrumentQuote[] => {
    const stated = quotes[index];
    if (stated == null) return [];
    const { bid, ask, mark, volatility: impliedVolatility, age } = stated;
    return [{ ...{ instrumentId, impliedVolatility, quotedAt: at(age), flags: [] }, bid: decimal(bid), ask: decimal(ask), mark: decimal(mark) }]; // prettier-ignore
  });
  return {
    ...{ asOf, instruments, limits, fx: [] },
    underlyings: underlyings.filter(({ underlyingId }) => only.includes(underlyingId)),
    quotes: rows.filter(({ instrumentId }) => only.includes(instruments.get(instrumentId)?.underlying ?? '')),
  };
}

function guarded(stated: Stated, before: Stated, only = names) {
  const previous = [buildSnapshot(inputOf(before, start, only)).snapshot];
  const asOf = instantOf(start + 1_000);
  return guardSnapshot(buildSnapshot(inputOf(stated, asOf, only)), { instruments, previous, limits });
}

describe('parts of a market', () => {
  it('are to the whole what the whole is when it is judged at once', () => {
    fc.assert(
      fc.property(market, market, (stated, before) => {
        const whole = guarded(stated, before);
        const context = { instruments, limits };
        const parts = new Map(names.flatMap((name) => [...partsOf(guarded(stated, before, [name]), context)]));
        expect(parts).toEqual(partsOf(whole, context));
        const { asOf, fx } = whole.built.snapshot;
        const joined = joinParts(new Map([...parts].reverse()), asOf);
        expect(joined.observation).toEqual(whole.observation);
        expect(judgeFindings(joined.findings)).toEqual(judgeSnapshot(whole.built));
        expect(marketOfParts(parts, { asOf, fx, ids: names })).toEqual(whole.built.snapshot);
      }),
      { numRuns: 60 },
    );
  });

  it('of a stored market tell of it what was found when it was judged', () => {
    fc.assert(
      fc.property(market, market, (stated, before) => {
        const { built } = guarded(stated, before);
        const context = { instruments, limits };
        const joined = joinParts(judgedParts(built.snapshot, context), built.snapshot.asOf);
        const expected = joinParts(partsOf(guarded(stated, before), context), built.snapshot.asOf);
        expect(joined.observation).toEqual(expected.observation);
        const { withoutVolatility: _, ...findings } = joined.findings;
        expect(expected.findings).toMatchObject(findings);
      }),
      { numRuns: 40 },
    );
  });

  const good: Stated = {
    prices: names.map(() => ({ price: 100, age: 10 })) as Stated['prices'],
    quotes: contracts.map(() => ({ bid: 4, ask: 5, mark: null, volatility: 0.3, age: 20 })) as Stated['quotes'],
  };

  it('are due when the first price in them turns stale, a forward or a contract ends', () => {
    const context = { instruments, limits };
    const asOf = start + 1_000;
    const ofGood = partsOf(guarded(good, good), context).get('A');
    // The price of an underlying is stale after a minute, 10 s of it are over; quotes after five.
    expect(ofGood?.dueAt).toBe(asOf - 10_000 + 60_000 + 1);
    const ended = { ...context, limits: { ...limits, ageMaximumMs: 1e12, underlyingAgeMaximumMs: 1e12 } };
    expect(partsOf(guarded(good, good), ended).get('A')?.dueAt).toBe(expiry);
    expect(unjudgedParts(guarded(good, good).built.snapshot, instruments).get('A')?.dueAt).toBe(-Infinity);
  });

  it('are due at once while a value in them stands in for another', () => {
    const missing = { ...good, prices: names.map(() => ({ price: null, age: 0 })) as unknown as Stated['prices'] };
    const { built, observation } = guarded(missing, good);
    expect(built.snapshot.underlyings.get('B')?.flags).toContain('FALLBACK_LAST_GOOD');
    expect(partsOf({ built, observation }, { instruments, limits }).get('B')?.dueAt).toBe(-Infinity);
  });
});
