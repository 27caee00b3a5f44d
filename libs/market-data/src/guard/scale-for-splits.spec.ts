import {
  Decimal,
  type Instant,
  type Instrument,
  instantOf,
  type InstrumentQuote,
  type MarketSnapshot,
  parseInstant,
} from '@ballast/domain';
import { scaleForSplits, type ShareSplit } from './scale-for-splits';

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
    ['7:1', [split(7, 1, at(1))], '15', '15.1428571429'],
    ['1:10', [split(1, 10, at(1))], '1050', '1060'],
    ['3:2, then 2:1', [split(3, 2, at(1)), split(2, 1, at(2))], '35', '35.3333333333'],
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

  it('lends an adjusted contract the volatility of the contract it came from, and no price', () => {
    const adjusted = scaled([split(7, 1, at(1))]).instruments.get(option.id);
    expect(adjusted).toEqual({ ...quote, instrumentId: option.id, bid: null, ask: null });
    expect(snapshot.instruments.has(option.id)).toBe(false);
  });
});
