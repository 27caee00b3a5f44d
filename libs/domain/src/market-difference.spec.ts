import { Decimal } from './decimal';
import { instantOf } from './instant';
import { withDifference } from './market-difference';
import type { InstrumentQuote, MarketSnapshot, UnderlyingQuote } from './market-snapshot';

const at = (seconds: number) => instantOf(1_000 * seconds);
const underlying = (underlyingId: string, price: number): UnderlyingQuote => ({
  ...{ underlyingId, kind: 'equity', currency: 'USD', price: new Decimal(price), rate: 0.03, dividendYield: 0 },
  ...{ forwards: [], quotedAt: at(0) },
});
const quote = (instrumentId: string, mark: number): InstrumentQuote => ({
  ...{ instrumentId, bid: null, ask: null, mark: new Decimal(mark), impliedVolatility: null, quotedAt: at(0), flags: [] },
}); // prettier-ignore
const before: MarketSnapshot = {
  asOf: at(0),
  underlyings: new Map([['X', underlying('X', 100)]]),
  instruments: new Map(['A', 'C', 'D'].map((id) => [id, quote(id, 1)])),
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.1') }],
};
const nothing = { asOf: at(1), underlyings: [], quotes: [], dropped: [], fx: null };

describe('a market after a difference', () => {
  it('keeps what is not named, at the later instant', () => {
    expect(withDifference(before, nothing)).toEqual({ ...before, asOf: at(1) });
  });

  it('states anew, drops, and keeps the order of identifiers, leaving the market before it as it was', () => {
    const after = withDifference(before, {
      ...nothing,
      underlyings: [underlying('W', 5), underlying('X', 101)],
      quotes: [quote('B', 2), quote('D', 3)],
      dropped: ['C'],
      fx: [],
    });
    expect([...after.underlyings].map(([id, { price }]) => [id, price?.toNumber()])).toEqual([['W', 5], ['X', 101]]); // prettier-ignore
    expect([...after.instruments].map(([id, { mark }]) => [id, mark?.toNumber()])).toEqual([['A', 1], ['B', 2], ['D', 3]]); // prettier-ignore
    expect(after.fx).toEqual([]);
    expect([...before.instruments.keys()]).toEqual(['A', 'C', 'D']);
    expect(before.underlyings.get('X')?.price?.toNumber()).toBe(100);
  });
});
