import {
  Decimal,
  type Instant,
  type InstrumentQuote,
  instantOf,
  type MarketSnapshot,
  type QuoteFlag,
} from '@ballast/domain';
import type { BuiltSnapshot } from '../build-snapshot';
import { MarketBook } from './market-book';

const time = (seconds: number): Instant => instantOf(1_000_000 + 1_000 * seconds);
const expiry = time(86_400);
const moment = (seconds: number, sequence: number | null = null) => ({ at: time(seconds), sequence });
const quote = (more: Partial<InstrumentQuote> = {}): InstrumentQuote => ({
  ...{ instrumentId: 'C', bid: new Decimal(4), ask: new Decimal(5), mark: null, impliedVolatility: 0.3 },
  ...{ quotedAt: time(0), flags: [], ...more },
});
const snapshotOf = (
  more: { quote?: InstrumentQuote; price?: number; flags?: QuoteFlag[]; at?: number } = {},
): MarketSnapshot => {
  const { price = 100, flags, at = 0 } = more;
  const underlying = {
    ...{ underlyingId: 'X', kind: 'equity' as const, currency: 'USD', price: new Decimal(price), rate: 0.03 },
    ...{ dividendYield: 0.01, quotedAt: time(at), forwards: [{ expiry, price: new Decimal(102), rate: 0.02 }] },
  };
  return {
    asOf: time(at),
    underlyings: new Map([['X', { ...underlying, ...(flags && { flags }) }]]),
    instruments: new Map([['C', more.quote ?? quote()]]),
    fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.1') }],
  };
};
const bookOf = (snapshot: MarketSnapshot = snapshotOf()) => {
  const book = new MarketBook((id) => (id === 'C' ? 'X' : undefined));
  book.adopt(snapshot);
  return book;
};
const quoteIn = (book: MarketBook) => book.content(time(10)).quotes[0];
const builtOf = (snapshot: MarketSnapshot) => ({ snapshot }) as BuiltSnapshot;

describe('MarketBook', () => {
  it('gives back the snapshot it adopted', () => {
    const { underlyings, quotes, fx } = bookOf().content(time(0));
    const base = snapshotOf();
    expect([underlyings, quotes, fx]).toEqual([
      [...base.underlyings.values()],
      [...base.instruments.values()],
      base.fx,
    ]);
  });

  it('knows its underlyings and currencies', () => {
    const { underlyingIds, currencies } = bookOf();
    expect([underlyingIds, currencies]).toEqual([['X'], ['EUR', 'USD']]);
  });

  it('keeps prices of a contract while its underlying stands, and its volatility alone afterwards', () => {
    const book = bookOf();
    book.take({ kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(100) } }, moment(1));
    expect(quoteIn(book)).toMatchObject({ bid: new Decimal(4), impliedVolatility: 0.3 });
    book.take({ kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(101) } }, moment(2));
    expect(quoteIn(book)).toMatchObject({ bid: null, ask: null, mark: null, impliedVolatility: 0.3 });
    book.take({ kind: 'quote', value: quote({ bid: new Decimal(6), impliedVolatility: null }) }, moment(3));
    expect(quoteIn(book)).toMatchObject({ bid: new Decimal(6), impliedVolatility: null });
  });

  it('keeps the prices of a contract that has no volatility: nothing else is known of it', () => {
    const book = bookOf(snapshotOf({ quote: quote({ impliedVolatility: null }) }));
    book.take({ kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(101) } }, moment(2));
    expect(quoteIn(book)).toMatchObject({ bid: new Decimal(4) });
  });

  it('settles the volatility that a snapshot found, unless a fallback found it', () => {
    const book = bookOf();
    book.take({ kind: 'quote', value: quote({ impliedVolatility: null }) }, moment(3));
    book.settle(builtOf(snapshotOf({ quote: quote({ impliedVolatility: 0.4 }) })));
    expect(quoteIn(book)?.impliedVolatility).toBe(0.4);
    book.take({ kind: 'quote', value: quote({ impliedVolatility: null }) }, moment(4));
    book.settle(builtOf(snapshotOf({ quote: quote({ impliedVolatility: 0.5, flags: ['FALLBACK_LAST_GOOD'] }) })));
    expect(quoteIn(book)?.impliedVolatility).toBeNull();
    const guessed = quote({ impliedVolatility: 0.5, flags: ['FALLBACK_SURFACE', 'RATE_MISSING', 'Q_WIDE'] });
    expect(quoteIn(bookOf(snapshotOf({ quote: guessed })))).toMatchObject({
      impliedVolatility: null,
      flags: ['RATE_MISSING'],
    });
  });

  it('does not take a price that a fallback put in for one of the source', () => {
    const book = bookOf(snapshotOf({ flags: ['FALLBACK_LAST_GOOD', 'DIV_MISSING'] }));
    expect(book.underlying('X')).toMatchObject({ price: null, flags: ['DIV_MISSING'] });
  });

  it('moves a stated forward with the spot and leaves out those that ended', () => {
    const book = bookOf();
    book.take({ kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(50) } }, moment(1));
    expect(book.content(time(10)).underlyings[0]?.forwards).toEqual([{ expiry, price: new Decimal(51), rate: 0.02 }]);
    book.take({ kind: 'forward', value: { underlyingId: 'X', expiry, price: new Decimal(60) } }, moment(2));
    expect(book.content(time(10)).underlyings[0]?.forwards).toEqual([{ expiry, price: new Decimal(60), rate: 0.02 }]);
    expect(book.content(expiry).underlyings[0]?.forwards).toEqual([]);
  });

  it('keeps of an underlying and a contract what a change leaves out', () => {
    const book = bookOf(snapshotOf({ quote: quote({ openInterest: new Decimal(7) }) }));
    book.take(
      { kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(99), dividendYield: 0 } },
      moment(1),
    );
    expect(book.underlying('X')).toMatchObject({ kind: 'equity', rate: 0.03, dividendYield: 0, quotedAt: time(1) });
    book.take({ kind: 'quote', value: quote({ quotedAt: time(1) }) }, moment(1));
    expect(quoteIn(book)?.openInterest?.toFixed()).toBe('7');
    book.drop('C');
    expect(book.instrumentIds).toEqual([]);
  });

  it('adopts of a later snapshot what is newer than the book, and knows the latest instant', () => {
    const book = bookOf();
    book.take({ kind: 'underlying', value: { underlyingId: 'X', price: new Decimal(101) } }, moment(5));
    book.adopt(snapshotOf({ at: 3, price: 90, quote: quote({ bid: new Decimal(3), quotedAt: time(3) }) }));
    expect(book.underlying('X')?.price?.toFixed()).toBe('101');
    expect(book.content(time(10)).quotes[0]?.quotedAt).toBe(time(3));
    expect(book.latest()).toBe(time(5));
    expect(new MarketBook(() => undefined).latest()).toBeNull();
  });

  it('keeps a forward that was stated after the underlying of an adopted snapshot', () => {
    const book = bookOf();
    const forward = (price: number) => ({ kind: 'forward' as const, value: { underlyingId: 'X', expiry, price: new Decimal(price) } }); // prettier-ignore
    expect(book.momentOf(forward(1))).toEqual(moment(0));
    book.take(forward(105), moment(3));
    book.adopt(snapshotOf({ at: 2 }));
    expect(book.content(time(10)).underlyings[0]?.forwards[0]?.price).toEqual(new Decimal(105));
    book.adopt(snapshotOf({ at: 4 }));
    expect(book.content(time(10)).underlyings[0]?.forwards[0]?.price).toEqual(new Decimal(102));
    expect(book.momentOf(forward(1))).toEqual(moment(4));
  });

  it('says what was said already', () => {
    const book = bookOf();
    const price = (value: number) => ({
      kind: 'underlying' as const,
      value: { underlyingId: 'X', price: new Decimal(value) },
    });
    expect([book.says(price(100)), book.says(price(101))]).toEqual([true, false]);
    const stated = (bid: number) => ({ kind: 'quote' as const, value: quote({ bid: new Decimal(bid) }) });
    expect([book.says(stated(4)), book.says(stated(3))]).toEqual([true, false]);
    expect(book.says({ kind: 'quote', value: quote({ instrumentId: 'D' }) })).toBe(false);
    const rate = (value: string) => ({
      kind: 'fx' as const,
      value: { from: 'EUR', to: 'USD', rate: new Decimal(value) },
    });
    expect([book.says(rate('1.1')), book.says(rate('1.2'))]).toEqual([true, false]);
    book.take(price(101), moment(1));
    quoteIn(book);
    // Its old prices are gone, so that a repetition of them would bring them back beside a spot they did not know.
    expect(book.says(stated(4))).toBe(true);
  });
});
