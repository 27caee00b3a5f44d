import {
  Decimal,
  instantOf,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  parseInstant,
  type QuoteFlag,
  type UnderlyingKind,
  type UnderlyingQuote,
} from '@ballast/domain';
import { buildSnapshot } from '../build-snapshot';
import { guardSnapshot, type GuardContext } from './guard-snapshot';

const asOf = parseInstant('2026-01-05T12:00:00Z', 'asOf');
const expiry = parseInstant('2026-03-20T21:00:00Z', 'expiry');
const option: Instrument = {
  id: 'X-100-C',
  type: 'option',
  underlying: 'X',
  right: 'call',
  strike: new Decimal(100),
  expiry,
  exercise: 'european',
  multiplier: new Decimal(100),
  currency: 'USD',
  settlement: 'linear',
  premiumStyle: 'equity',
};
const future: Instrument = {
  id: 'X-FUT',
  type: 'future',
  underlying: 'X',
  expiry,
  multiplier: new Decimal(1000),
  currency: 'USD',
  settlement: 'linear',
};
const instruments = new Map<string, Instrument>([
  [option.id, option],
  [future.id, future],
]);
const minutes = (count: number): Instant => instantOf(asOf + count * 60_000);

interface Sample {
  readonly at?: Instant;
  readonly kind?: UnderlyingKind;
  readonly price?: string | null;
  readonly quotedAt?: Instant;
  readonly option?: Partial<InstrumentQuote>;
  readonly future?: Partial<InstrumentQuote>;
}

function build({ at = asOf, kind = 'equity', price = '100', quotedAt = at, ...quoted }: Sample) {
  const blank = { bid: null, ask: null, mark: null, impliedVolatility: null, quotedAt: at, flags: [] as QuoteFlag[] };
  const underlying: UnderlyingQuote = {
    underlyingId: 'X',
    kind,
    currency: 'USD',
    price: price === null ? null : new Decimal(price),
    rate: 0,
    dividendYield: 0,
    forwards: [],
    quotedAt,
  };
  const quotes: InstrumentQuote[] = [
    { ...blank, instrumentId: option.id, mark: new Decimal(9), impliedVolatility: 0.3, ...quoted.option },
    { ...blank, instrumentId: future.id, mark: new Decimal(price ?? '100'), ...quoted.future },
  ];
  return buildSnapshot({ asOf: at, underlyings: [underlying], instruments, quotes });
}

function guard(sample: Sample, before: readonly Sample[] = [], changes: Partial<GuardContext> = {}) {
  const previous = before.map((one) => build(one).snapshot);
  const { built, observation } = guardSnapshot(build(sample), { instruments, previous, ...changes });
  const underlying = built.snapshot.underlyings.get('X') as UnderlyingQuote;
  const quote = (id: string) => built.snapshot.instruments.get(id) as InstrumentQuote;
  return { underlying, option: quote(option.id), future: quote(future.id), observation };
}

const earlier: Sample = { at: minutes(-10) };

describe('guardSnapshot', () => {
  it('leaves good data as it is', () => {
    const { underlying, option: quote, observation } = guard({}, [earlier]);
    expect([underlying.flags, quote.flags]).toEqual([undefined, []]);
    expect(observation).toEqual({ at: asOf, instrumentCount: 2, badInstruments: [], badUnderlyings: [] });
  });

  it.each([
    ['a spike of the underlying', { price: '84' }, ['Q_SPIKE']],
    ['an underlying of yesterday', { quotedAt: minutes(-1500) }, ['Q_OUT_OF_ORDER', 'Q_STALE']],
    ['an underlying of tomorrow', { quotedAt: minutes(1440) }, ['Q_FUTURE']],
    ['a price of zero: the last good one', { price: '0' }, ['FALLBACK_LAST_GOOD', 'Q_NONPOS']],
    ['a missing price: the last good one', { price: null }, ['FALLBACK_LAST_GOOD']],
    ['a negative price of a share: the last good one', { price: '-5' }, ['FALLBACK_LAST_GOOD', 'Q_NONPOS']],
  ] as [string, Sample, QuoteFlag[]][])('flags %s', (_, sample, flags) => {
    const { underlying, observation } = guard(sample, [earlier]);
    expect(underlying.flags).toEqual(flags);
    expect(observation.badUnderlyings).toEqual([{ id: 'X', kind: 'equity' }]);
    expect(underlying.price?.isPositive()).toBe(true);
  });

  it('has no price where the last good one is too old or none is known', () => {
    expect(guard({ price: null }, [{ at: minutes(-300) }]).underlying.price).toBeNull();
    expect(guard({ price: '0' }).underlying).toMatchObject({ price: null, flags: ['Q_NONPOS'] });
    // A last good price must itself be good.
    expect(guard({ price: null }, [{ at: minutes(-10), quotedAt: minutes(-3000) }]).underlying.price).toBeNull();
  });

  it('carries a future through zero to −37.63 without touching it', () => {
    const found = guard({ kind: 'future', price: '-37.63', at: minutes(1440) }, [{ kind: 'future', price: '-30' }]);
    expect(found.underlying.price?.toFixed()).toBe('-37.63');
    expect(found.future.mark?.toFixed()).toBe('-37.63');
    expect(guard({ kind: 'future', price: '0' }).future.mark?.toFixed()).toBe('0');
  });

  it('takes a mark of zero as missing', () => {
    expect(guard({ option: { mark: new Decimal(0) } }).option).toMatchObject({ mark: null, flags: ['Q_NONPOS'] });
  });

  it('finds the volatility of an option that lost it: second source, last good, largest of its kind, none', () => {
    const blind: Sample = { option: { mark: null, impliedVolatility: null } };
    const second = build({ option: { impliedVolatility: 0.33 } }).snapshot;
    const flags = ['FALLBACK_SECOND_SOURCE', 'Q_NO_IV', 'Q_NO_QUOTE'];
    expect(guard(blind, [earlier], { secondSource: second }).option).toMatchObject({ impliedVolatility: 0.33, flags });
    const hour: Sample = { at: minutes(-60) };
    expect(guard(blind, [hour]).option.impliedVolatility).toBeCloseTo(0.33, 12);
    expect(guard(blind, [hour]).option.flags).toContain('FALLBACK_LAST_GOOD');
    expect(guard(blind, [{ at: minutes(-600) }]).option).toMatchObject({
      impliedVolatility: 1.5,
      flags: ['FALLBACK_CONSERVATIVE', 'Q_NO_IV', 'Q_NO_QUOTE'],
    });
    expect(guard(blind).option.impliedVolatility).toBeNull();
  });

  it('notes quotes that go back in time or repeat', () => {
    const { option: old } = guard({ option: { quotedAt: minutes(-20) } }, [earlier]);
    expect(old.flags).toContain('Q_OUT_OF_ORDER');
    const { option: same } = guard({ option: { quotedAt: minutes(-10) } }, [earlier]);
    expect(same.flags).toEqual(['Q_DUP']);
  });

  it('flags an expiry that a changed calendar no longer knows', () => {
    const closed = new Set([expiry]);
    const isSession = (_: Instrument, day: Instant) => !closed.has(day);
    expect(guard({}, [], { isSession }).option.flags).toEqual(['CAL_ORPHAN']);
    expect(guard({}, [], { isSession: () => null }).option.flags).toEqual([]);
  });
});
