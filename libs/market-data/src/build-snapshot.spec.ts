import {
  canonicalJson,
  Decimal,
  type Instrument,
  type InstrumentQuote,
  parseInstant,
  type UnderlyingQuote,
} from '@ballast/domain';
import { buildSnapshot } from './build-snapshot';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');
const expiry = parseInstant('2026-04-05T00:00:00Z', 'expiry');
const underlying: UnderlyingQuote = {
  underlyingId: 'A', kind: 'equity', currency: 'USD', price: new Decimal(100), rate: 0, dividendYield: 0, forwards: [], quotedAt: asOf,
}; // prettier-ignore
const option = (id: string, right: 'call' | 'put', strike: number): Instrument => ({
  id, type: 'option', underlying: 'A', right, strike: new Decimal(strike), expiry, exercise: 'european',
  multiplier: new Decimal(100), currency: 'USD', settlement: 'linear', premiumStyle: 'equity',
}); // prettier-ignore
const share: Instrument = {
  id: 'A', type: 'underlying', underlying: 'A', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear',
}; // prettier-ignore
const instruments = new Map(
  [option('C100', 'call', 100), option('P100', 'put', 100), option('C50', 'call', 50), share].map((item) => [
    item.id,
    item,
  ]),
);
const quote = (instrumentId: string, mark: string, volatility: number | null): InstrumentQuote => ({
  instrumentId,
  bid: null,
  ask: null,
  mark: new Decimal(mark),
  impliedVolatility: volatility,
  quotedAt: asOf,
  flags: [],
});
const quotes = [
  quote('P100', '4.2', 0.2),
  quote('C100', '3.9', 0.3),
  quote('A', '100', null),
  quote('C50', '49', null),
];

describe('buildSnapshot', () => {
  it('gives equal content whatever the order of the rows', () => {
    const build = (rows: InstrumentQuote[]) =>
      canonicalJson(buildSnapshot({ asOf, underlyings: [underlying], instruments, quotes: rows }).snapshot);
    expect(build([...quotes].reverse())).toBe(build(quotes));
  });

  it('flags parity gaps, prices below intrinsic value and missing volatilities, and drops nothing', () => {
    const built = buildSnapshot({ asOf, underlyings: [underlying], instruments, quotes });
    expect([...built.snapshot.instruments.keys()]).toEqual(['A', 'C100', 'C50', 'P100']);
    expect(built.snapshot.instruments.get('C100')?.flags).toEqual(['IV_PARITY']);
    expect(built.snapshot.instruments.get('C50')?.flags).toEqual(['PRICE_BELOW_INTRINSIC', 'Q_NO_IV']);
    expect(built.snapshot.instruments.get('C50')?.impliedVolatility).toBeNull();
    expect(built.snapshot.instruments.get('A')?.flags).toEqual([]);
    expect(Object.fromEntries(built.volatilitySources)).toEqual({ C100: 'quoted', P100: 'quoted', C50: 'none' });
    expect(Object.fromEntries(built.flagCounts)).toEqual({ IV_PARITY: 2, PRICE_BELOW_INTRINSIC: 1, Q_NO_IV: 1 });
  });

  it('fills the last rung from the surface of the underlying', () => {
    const strikes = [80, 85, 90, 95, 105, 110, 115];
    const chain = strikes.map((strike) => option(`P${strike}`, 'put', strike));
    const terms = new Map([...instruments, ...chain.map((item): [string, Instrument] => [item.id, item])]);
    const smile = chain.map(({ id }) => quote(id, '20', 0.25));
    const built = buildSnapshot({
      asOf,
      underlyings: [underlying],
      instruments: terms,
      quotes: [...smile, quote('C50', '49', null)],
    });
    expect(built.snapshot.instruments.get('C50')?.impliedVolatility).toBeCloseTo(0.25, 6);
    expect(built.snapshot.instruments.get('C50')?.flags).toContain('Q_NO_IV');
    expect(built.volatilitySources.get('C50')).toBe('surface');
  });

  it('does not read volatilities off a surface that misses its quotes', () => {
    const chain = [80, 85, 90, 95, 105, 110, 115].map((strike) => option(`P${strike}`, 'put', strike));
    const terms = new Map([...instruments, ...chain.map((item): [string, Instrument] => [item.id, item])]);
    const jagged = chain.map(({ id }, index) => quote(id, '20', index % 2 === 0 ? 0.2 : 0.6));
    const built = buildSnapshot({
      asOf,
      underlyings: [underlying],
      instruments: terms,
      quotes: [...jagged, quote('C50', '49', null)],
    });
    expect(built.volatilitySources.get('C50')).toBe('none');
  });

  it.each([
    ['a positive', '18.27'],
    ['a negative', '-37.63'],
  ])(
    'takes strikes at and below 0 on %s future as they come: no lognormal volatility, none of the surface',
    (_, price) => {
      const future: UnderlyingQuote = { ...underlying, kind: 'future', price: new Decimal(price) };
      const listed = [
        option('P-30', 'put', -30),
        option('P0', 'put', 0),
        option('C20', 'call', 20),
        option('P10', 'put', 10),
      ];
      const { snapshot } = buildSnapshot({
        asOf,
        underlyings: [future],
        instruments: new Map(listed.map((item) => [item.id, item])),
        quotes: [quote('P-30', '8.3', null), quote('P0', '38', 0.7), quote('C20', '1', null), quote('P10', '0.4', 0.7)],
      });
      expect(snapshot.instruments.get('P-30')).toMatchObject({ impliedVolatility: null });
      expect(snapshot.instruments.get('P-30')?.mark?.toFixed()).toBe('8.3');
      expect(snapshot.instruments.get('C20')?.impliedVolatility === null).toBe(price.startsWith('-'));
    },
  );

  it('refuses what it cannot place', () => {
    const base = { asOf, underlyings: [underlying], instruments, quotes };
    expect(() => buildSnapshot({ ...base, quotes: [quote('Z', '1', null)] })).toThrow(
      'quote of the unknown instrument Z',
    );
    expect(() => buildSnapshot({ ...base, underlyings: [] })).toThrow('A: its underlying A is not quoted');
    expect(() => buildSnapshot({ ...base, quotes: [...quotes, quote('A', '1', null)] })).toThrow(
      'instrument A is quoted twice',
    );
    expect(() => buildSnapshot({ ...base, underlyings: [underlying, underlying] })).toThrow(
      'underlying A is quoted twice',
    );
  });
});
