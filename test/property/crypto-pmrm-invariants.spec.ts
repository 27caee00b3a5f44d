import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { coinOption, coinQuote, perpetual } from '../support/crypto-builder';
import {
  bookArbitrary,
  itIsCoherent,
  itKeepsExactInvariants,
  maintenanceOf,
  requirementOf,
  type MarginCase,
} from '../support/margin-invariants';
import { daysLater, quote, snapshotOf } from '../support/portfolio-builder';

const own = (parameters: object): MarginCase => ({
  methodology: 'CRYPTO_PMRM',
  baseCurrency: 'USD',
  parameters,
  snapshot: snapshotOf({
    underlyings: [
      coinQuote('60000', {
        confidence: 0.9,
        stablePrice: new Decimal('0.97'),
        forwards: [{ expiry: daysLater(40), price: new Decimal(60_400), rate: 0.08, confidence: 0.5 }],
        perpetual: { price: new Decimal(60_020), confidence: 0.95 },
      }),
    ],
    quotes: [quote('C', { volatility: 0.5 }), quote('P', { volatility: 0.8 }), quote('D', { volatility: 0.55 })],
  }),
  instruments: [
    perpetual('PERP', 'linear'),
    coinOption('C', { right: 'call', strike: 70_000, days: 40 }, 'linear'),
    coinOption('P', { right: 'put', strike: 50_000, days: 5 }, 'linear'),
    coinOption('D', { right: 'put', strike: 70_000, days: 40 }, 'linear'),
  ],
});

describe('CRYPTO_PMRM', () => {
  itKeepsExactInvariants(own({}));
  itIsCoherent(own({}));

  it('takes from equity exactly what it requires', () => {
    fc.assert(
      fc.property(bookArbitrary(own({})), (positions) => {
        const { model } = requirementOf(own({}), positions);
        const { markToMarket = NaN, maintenanceHealth = NaN, maintenanceRequirement = NaN } = model ?? {};
        const taken = markToMarket - maintenanceHealth;
        expect(Math.abs(maintenanceRequirement - Math.max(0, taken))).toBeLessThanOrEqual(1e-9 * Math.max(1, taken));
      }),
      { numRuns: 25 },
    );
  });

  it('never asks less when scenarios are added', () => {
    const up = { spotShock: 1.2, volatilityShock: 'UP' };
    const down = { spotShock: 0.7, volatilityShock: 'DOWN' };
    fc.assert(
      fc.property(bookArbitrary(own({})), (positions) => {
        const few = maintenanceOf(own({ scenarios: [up] }), positions);
        expect(maintenanceOf(own({ scenarios: [down, up] }), positions)).toBeGreaterThanOrEqual(few);
      }),
      { numRuns: 25 },
    );
  });
});
