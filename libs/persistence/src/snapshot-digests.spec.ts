import { createHash } from 'node:crypto';
import {
  canonicalJson,
  Decimal,
  instantOf,
  type InstrumentQuote,
  type MarketSnapshot,
  withDifference,
} from '@ballast/domain';
import { contentHash } from './content-hash';
import { SnapshotDigests, snapshotHash } from './snapshot-digests';

const quote = (instrumentId: string, mark: number): InstrumentQuote => ({
  ...{ instrumentId, bid: null, ask: null, mark: new Decimal(mark), impliedVolatility: 0.2, quotedAt: instantOf(0), flags: [] },
}); // prettier-ignore
const market: MarketSnapshot = {
  asOf: instantOf(5),
  underlyings: new Map([
    [
      'X',
      {
        ...{
          underlyingId: 'X',
          kind: 'equity',
          currency: 'USD',
          price: new Decimal(100),
          rate: 0.03,
          dividendYield: 0,
        },
        ...{ forwards: [], quotedAt: instantOf(0) },
      },
    ],
  ]),
  instruments: new Map(['B', 'A', 'a'].map((id) => [id, quote(id, 1)])),
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.1') }],
};
const sha = (...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((sum, part) => sum.update(part), createHash('sha256')).digest();

describe('the content hash of a snapshot', () => {
  it('has the documented form: over a heading, the head, underlyings and quotes in order of the identifier', () => {
    const { asOf, fx, underlyings, instruments } = market;
    const parts = [
      { asOf, fx, underlyings: 1, instruments: 3 },
      underlyings.get('X'),
      ...['A', 'B', 'a'].map((id) => instruments.get(id)),
    ];
    const expected = sha('ballast market snapshot 2\n', ...parts.map((part) => sha(canonicalJson(part))));
    expect(snapshotHash(market, 2)).toBe(expected.toString('hex'));
    expect(snapshotHash(market, 1)).toBe(contentHash(market));
  });

  it('follows from what changed, whatever was added or dropped', () => {
    const before = SnapshotDigests.of(market);
    const changes = [
      { quotes: [quote('A', 2)], dropped: [] },
      { quotes: [quote('AA', 2)], dropped: ['B'] },
      { quotes: [quote('B', 2)], dropped: ['a', 'none'] },
      { quotes: [], dropped: [] },
    ];
    for (const { quotes, dropped } of changes) {
      const difference = { asOf: instantOf(6), underlyings: [], quotes, dropped, fx: null };
      expect(before.changed(difference).hash).toBe(snapshotHash(withDifference(market, difference), 2));
    }
    expect(before.hash).toBe(snapshotHash(market, 2));
  });

  it('leaves out of a difference what is stated as it stood', () => {
    const { fx } = market;
    const difference = { asOf: instantOf(6), underlyings: [...market.underlyings.values()], quotes: [quote('A', 1), quote('B', 2)], dropped: ['C', 'a'], fx }; // prettier-ignore
    const reduced = SnapshotDigests.of(market).reduced(difference);
    expect(reduced).toEqual({ asOf: instantOf(6), underlyings: [], quotes: [quote('B', 2)], dropped: ['a'], fx: null });
  });
});
