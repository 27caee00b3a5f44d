import fc from 'fast-check';
import { coinOption, coinQuote, datedFuture, perpetual } from '../support/crypto-builder';
import {
  bookArbitrary,
  itIsCoherent,
  itKeepsExactInvariants,
  maintenanceOf,
  type MarginCase,
} from '../support/margin-invariants';
import { quote, snapshotOf, underlyingQuote } from '../support/portfolio-builder';

const ether = { ...perpetual('E-PERP'), underlying: 'ETH', currency: 'ETH' } as ReturnType<typeof perpetual>;
const own = (parameters: object, baseCurrency = 'BTC'): MarginCase => ({
  methodology: 'CRYPTO_PM',
  baseCurrency,
  parameters,
  snapshot: snapshotOf({
    underlyings: [coinQuote(), underlyingQuote('ETH', '3000', { kind: 'crypto' })],
    quotes: [
      quote('PERP', { price: '60000' }),
      quote('E-PERP', { price: '3001' }),
      quote('FUT', { price: '61000' }),
      quote('LIN', { price: '60050' }),
      quote('C', { volatility: 0.5 }),
      quote('P', { volatility: 0.8 }),
      quote('L', { volatility: 0.55 }),
    ],
  }),
  instruments: [
    perpetual('PERP'),
    datedFuture('FUT', 80),
    coinOption('C', { right: 'call', strike: 70_000, days: 40 }),
    coinOption('P', { right: 'put', strike: 50_000, days: 5 }),
    ...(baseCurrency === 'USD'
      ? [ether, perpetual('LIN', 'linear'), coinOption('L', { right: 'call', strike: 65_000, days: 120 }, 'linear')]
      : []),
  ],
});
/** The dampener forgives a fixed amount and the delta shock has a threshold: neither scales with the book. */
const scaling = { extendedDampener: 0, maxDeltaShock: 0 };

describe('CRYPTO_PM', () => {
  describe('of one coin', () => {
    itKeepsExactInvariants(own({}));
    itIsCoherent(own(scaling));
  });

  describe('of two coins and linear contracts, gains counted in part', () => {
    itKeepsExactInvariants(own({ pnlOffset: 0.6 }, 'USD'), 15);
    itIsCoherent(own({ ...scaling, pnlOffset: 0.6 }, 'USD'), 15);
  });

  it('never asks less when scenarios are added', () => {
    fc.assert(
      fc.property(bookArbitrary(own({})), (positions) => {
        const few = maintenanceOf(own({ ...scaling, extendedMoves: [-0.4] }), positions);
        const many = maintenanceOf(own({ ...scaling, extendedMoves: [-0.4, 3, 0.8] }), positions);
        expect(many).toBeGreaterThanOrEqual(few);
      }),
      { numRuns: 25 },
    );
  });

  it('asks no less the fewer gains of another coin count', () => {
    fc.assert(
      fc.property(bookArbitrary(own({}, 'USD')), (positions) => {
        const [none, half, full] = [0, 0.5, 1].map((pnlOffset) => maintenanceOf(own({ pnlOffset }, 'USD'), positions));
        expect(none).toBeGreaterThanOrEqual(half as number);
        expect(half).toBeGreaterThanOrEqual(full as number);
      }),
      { numRuns: 25 },
    );
  });
});
