import {
  Decimal,
  type Instant,
  type Instrument,
  instantOf,
  type InstrumentQuote,
  type MarketSnapshot,
  parseInstant,
} from '@ballast/domain';
import { priceInShares, scaleForSplits, type ShareSplit } from './scale-for-splits';

const asOf = parseInstant('2026-06-02T20:00:00Z', 'asOf');
const at = (ms: number): Instant => instantOf(asOf + ms);
const option: Instrument = {
  id: 'X-90-C.A1',
  type: 'option',
  underlying: 'X',
  right: 'call',
  strike: new Decimal(90),
  expiry: at(86_400_000),
  exercise: 'american',
  multiplier: new Decimal(100),
  currency: 'USD',
  settlement: 'linear',
  premiumStyle: 'equity',
  adjustedFrom: 'X-90-C',
};
const quote: InstrumentQuote = {
  instrumentId: 'X-90-C',
  bid: new Decimal(15),
  ask: new Decimal(16),
  mark: null,
  impliedVolatility: 0.3,
  quotedAt: asOf,
  flags: [],
};
const snapshot: MarketSnapshot = {
  asOf,
  underlyings: new Map(
    ['X', 'Y'].map((underlyingId) => [
      underlyingId,
      {
        underlyingId,
        kind: 'equity',
        currency: 'USD',
        price: new Decimal(105),
        rate: 0,
        dividendYield: 0,
        forwards: [{ expiry: at(86_400_000), price: new Decimal(106) }],
        quotedAt: asOf,
      },
    ]),
  ),
  instruments: new Map([[quote.instrumentId, quote]]),
  fx: [],
};
const split = (numerator: number, denominator: number, effectiveAt: Instant): ShareSplit => {
  return { underlying: 'X', numerator, denominator, effectiveAt };
};
const scaled = (splits: readonly ShareSplit[], until: Instant = at(60_000)) =>
  scaleForSplits(snapshot, { splits, at: until, instruments: new Map([[option.id, option]]) });
const prices = ({ underlyings }: MarketSnapshot) =>
  [...underlyings.values()].map(({ price, forwards }) => [price?.toFixed(), forwards[0]?.price.toFixed()]);

describe('a snapshot before a split', () => {
  it.each([
    ['7:1', [split(7, 1, at(1))], '15', '15.14285714285714285714'],
    ['1:10', [split(1, 10, at(1))], '1050', '1060'],
    ['3:2, then 2:1', [split(3, 2, at(1)), split(2, 1, at(2))], '35', '35.33333333333333333333'],
  ])('is stated in the shares after %s; other underlyings stay', (_, splits, price, forward) => {
    expect(prices(scaled(splits))).toEqual([
      [price, forward],
      ['105', '106'],
    ]);
  });

  it.each([
    ['that takes effect later', [split(7, 1, at(60_001))]],
    ['that its prices know already', [split(7, 1, asOf)]],
    ['of a share it does not quote', [{ ...split(7, 1, at(1)), underlying: 'Z' }]],
    ['that never was', []],
  ])('is left as it is by a split %s', (_, splits) => {
    expect(scaled(splits)).toBe(snapshot);
  });

  it('lends an adjusted contract the volatility and the scaled prices of the contract it came from', () => {
    const adjusted = scaled([split(5, 1, at(1))]).instruments.get(option.id);
    expect(adjusted).toEqual({ ...quote, instrumentId: option.id, bid: new Decimal(3), ask: new Decimal('3.2') });
    expect(snapshot.instruments.has(option.id)).toBe(false);
  });

  it('follows a contract through two adjustments, and leaves one that has a quote of its own', () => {
    const twice: Instrument = { ...option, id: 'X-90-C.A2', adjustedFrom: option.id };
    const instruments = new Map([option, twice].map((terms) => [terms.id, terms]));
    const splits = [split(5, 1, at(1)), split(2, 1, at(2))];
    const later = scaleForSplits(snapshot, { splits, at: at(3), instruments }).instruments.get(twice.id);
    expect([later?.bid?.toFixed(), later?.quotedAt]).toEqual(['1.5', asOf]);
    const own = { ...quote, instrumentId: twice.id, quotedAt: at(2), bid: new Decimal(9) };
    const quoted = { ...snapshot, instruments: new Map([...snapshot.instruments, [twice.id, own]]) };
    expect(scaleForSplits(quoted, { splits, at: at(3), instruments }).instruments.get(twice.id)).toEqual(own);
  });

  it('states shares and futures in new units, each by the time of its own quote', () => {
    const share: Instrument = { id: 'X', type: 'underlying', underlying: 'X', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear' }; // prettier-ignore
    const future: Instrument = { ...share, id: 'X-F', type: 'future', expiry: at(86_400_000) };
    const quoted = {
      ...snapshot,
      instruments: new Map([
        ['X', { ...quote, instrumentId: 'X', bid: null, ask: null, mark: new Decimal(105) }],
        ['X-F', { ...quote, instrumentId: 'X-F', bid: null, ask: null, mark: new Decimal(15), quotedAt: at(1) }],
      ]),
    };
    const instruments = new Map([share, future].map((terms) => [terms.id, terms]));
    const found = scaleForSplits(quoted, { splits: [split(7, 1, at(1))], at: at(2), instruments }).instruments;
    expect([found.get('X')?.mark?.toFixed(), found.get('X-F')?.mark?.toFixed()]).toEqual(['15', '15']);
  });

  it.each([7, 3, 11, 13, 700])('of %s for one keeps the value of any number of shares to the cent', (numerator) => {
    for (const price of ['100', '105.37', '0.01', '4999.99']) {
      const quotedAt = asOf;
      const restated = priceInShares(new Decimal(price), { underlying: 'X', quotedAt }, [split(numerator, 1, at(1))]);
      for (const held of [1, 210, 1_000_003]) {
        const after = restated.times(held * numerator).toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
        expect(after.toFixed()).toBe(new Decimal(price).times(held).toFixed());
      }
    }
  });
});

describe('open interest and volume', () => {
  const counts = { openInterest: new Decimal(1200), volume: new Decimal(300) };
  const share: Instrument = { id: 'X', type: 'underlying', underlying: 'X', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear' }; // prettier-ignore
  const countsAfterSplit = (own: InstrumentQuote, terms: Instrument) => {
    const before = { ...snapshot, instruments: new Map([[own.instrumentId, own]]) };
    const instruments = new Map([[terms.id, terms]]);
    const { instruments: quotes } = scaleForSplits(before, {
      splits: [split(7, 1, at(1))],
      at: at(60_000),
      instruments,
    });
    const found = quotes.get(terms.id);
    return [found?.openInterest?.toFixed(), found?.volume?.toFixed()];
  };

  it('counted before a split are not known after it', () => {
    expect(countsAfterSplit({ ...quote, ...counts }, option)).toEqual([undefined, undefined]);
    expect(countsAfterSplit({ ...quote, ...counts, instrumentId: 'X' }, share)).toEqual([undefined, undefined]);
  });

  it('counted since then stay', () => {
    const since = { ...quote, ...counts, instrumentId: 'X', quotedAt: at(2) };
    expect(countsAfterSplit(since, share)).toEqual(['1200', '300']);
  });
});
