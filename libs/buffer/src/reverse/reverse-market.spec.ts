import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { correlationRoot } from './correlation-root';
import { prepareReverseMarket, type ReverseFactor } from './reverse-market';

const [a, b] = [share('S'), share('T', { underlying: 'V' })];
const account = preparedAccount({
  portfolio: portfolioOf([position(a, 10), position(b, 10)], { methodology: 'TIMS', cash: [cashOf('0')] }),
  snapshot: snapshotOf({
    underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '50', { kind: 'other' })],
    quotes: [quote('S', { price: '100' }), quote('T', { price: '50' })],
  }),
});
const factors = ['U', 'V'].map((id): ReverseFactor => ({
  underlyingId: id,
  price: account.snapshot.underlyings.get(id)?.price as never,
  volatility: Math.sqrt(252) * 0.02,
  source: 'GIVEN',
}));
const market = prepareReverseMarket(account, {
  factors,
  correlation: correlationRoot({ ids: ['U', 'V'], pairs: [], otherwise: 0 }),
  horizonDays: 1,
});

describe('prepareReverseMarket', () => {
  it('moves a share by e^(s·z) and what may be negative by 1 + s·z', () => {
    const [share_, other] = market.movesOf([-3, -60]);
    expect(share_).toBeCloseTo(Math.exp(-0.06) - 1, 14);
    expect(other).toBeCloseTo(-1.2, 14);
  });

  it('measures 15 % of 1,000 and 20 % of 500, and gives the deviations back', () => {
    expect(market.bufferAt([0, 0])).toBeCloseTo(1500 - 150 - 100, 9);
    const { moves, norm, mahalanobis } = market.pointAt(market.movesOf([-3, 4]));
    expect(moves.map(({ deviations }) => deviations.toFixed(9))).toEqual(['-3.000000000', '4.000000000']);
    expect([norm, mahalanobis].map((value) => value?.toFixed(9))).toEqual(['5.000000000', '5.000000000']);
    expect(moves[1]?.price.toNumber()).toBeCloseTo(54, 12);
  });

  it('keeps a price that cannot be negative above 0 in a parallel move', () => {
    expect(market.betaMoves(-0.8, { U: 2, V: 2 })).toEqual([-0.9999, -1.6]);
    expect(market.bufferAt([-1.5, 0])).toBeNull();
  });
});
