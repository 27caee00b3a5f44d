import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import {
  bookArbitrary,
  itIsCoherent,
  itKeepsExactInvariants,
  maintenanceOf,
  requirementOf,
  type MarginCase,
} from '../support/margin-invariants';
import { daysLater, future, option, quote, share, snapshotOf, underlyingQuote } from '../support/portfolio-builder';

const own = (parameters: object): MarginCase => ({
  methodology: 'TIMS',
  baseCurrency: 'USD',
  parameters: { model: 'black-scholes', ...parameters },
  snapshot: snapshotOf({
    underlyings: [underlyingQuote('U', '100', { rate: 0.03 }), underlyingQuote('V', '50', { dividendYield: 0.02 })],
    quotes: [
      quote('U-C', { volatility: 0.25 }),
      quote('U-P', { volatility: 0.3 }),
      quote('V-C', { volatility: 0.6 }),
      quote('V-P', { volatility: 0.1 }),
      quote('V-F', { price: '50.3' }),
      quote('U', { price: '100' }),
    ],
  }),
  instruments: [
    option('U-C'),
    option('U-P', { right: 'put', strike: new Decimal(92), expiry: daysLater(20) }),
    option('V-C', { underlying: 'V', strike: new Decimal(60), expiry: daysLater(3) }),
    option('V-P', { underlying: 'V', right: 'put', strike: new Decimal(55) }),
    future('V-F', { underlying: 'V' }),
    share('U'),
  ],
});
const grouped = (offset: number) => own({ productGroups: [{ id: 'g', members: ['U', 'V'], offset }] });

describe('TIMS', () => {
  describe('with classes standing alone', () => {
    itKeepsExactInvariants(own({}));
    itIsCoherent(own({}));
  });

  describe('with a product group', () => {
    itKeepsExactInvariants(grouped(0.9), 15);
    itIsCoherent(grouped(0.9), 15);
  });

  it('credits a group no more than its offset and never charges it more than its members alone', () => {
    fc.assert(
      fc.property(bookArbitrary(own({})), fc.double({ min: 0, max: 1, noNaN: true }), (positions, offset) => {
        const alone = maintenanceOf(own({}), positions);
        const combined = maintenanceOf(grouped(offset), positions);
        const full = maintenanceOf(grouped(1), positions);
        const slack = 1e-9 * Math.max(1, alone);
        expect(combined).toBeLessThanOrEqual(alone + slack);
        expect(combined).toBeGreaterThanOrEqual(full - slack);
      }),
      { numRuns: 30 },
    );
  });

  it('asks no more less option value after a long option is added, no less after a short one', () => {
    const scanOnly = own({ minimumPerContract: 0 });
    const options = scanOnly.instruments.filter(({ type }) => type === 'option');
    fc.assert(
      fc.property(
        bookArbitrary(scanOnly),
        fc.constantFrom(...options),
        fc.integer({ min: 1, max: 200 }),
        (positions, instrument, quantity) => {
          const lessOptionValue = (signed: number) => {
            const { model } = requirementOf(scanOnly, [...positions, { instrument, quantity: new Decimal(signed) }]);
            return (model?.maintenanceRequirement ?? NaN) - (model?.netOptionValue ?? NaN);
          };
          const before = lessOptionValue(0);
          const slack = 1e-9 * Math.max(1, Math.abs(before));
          expect(lessOptionValue(quantity)).toBeLessThanOrEqual(before + slack);
          expect(lessOptionValue(-quantity)).toBeGreaterThanOrEqual(before - slack);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('asks nearly nothing of a European box', () => {
    const boxed = own({ minimumPerContract: 0 });
    const strike = (id: string, right: 'call' | 'put', at: number) => option(id, { right, strike: new Decimal(at) });
    const snapshot = snapshotOf({
      quotes: ['C90', 'P90', 'C110', 'P110'].map((id) => quote(id, { volatility: 0.25 })),
    });
    const legs = [
      { instrument: strike('C90', 'call', 90), quantity: new Decimal(10) },
      { instrument: strike('P90', 'put', 90), quantity: new Decimal(-10) },
      { instrument: strike('C110', 'call', 110), quantity: new Decimal(-10) },
      { instrument: strike('P110', 'put', 110), quantity: new Decimal(10) },
    ];
    expect(maintenanceOf({ ...boxed, snapshot }, legs)).toBeLessThan(1e-8);
  });
});
