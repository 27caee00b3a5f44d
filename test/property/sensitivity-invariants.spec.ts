import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import {
  bookArbitrary,
  itKeepsExactInvariants,
  maintenanceOf,
  opposite,
  times,
  type MarginCase,
} from '../support/margin-invariants';
import { daysLater, future, option, quote, share, snapshotOf, underlyingQuote } from '../support/portfolio-builder';
import { sensitivityParameterFile } from '../support/sensitivity-parameters';

const own = (changes: object): MarginCase => ({
  methodology: 'SENSITIVITY',
  baseCurrency: 'USD',
  parameters: { ...sensitivityParameterFile, ...changes },
  snapshot: snapshotOf({
    underlyings: [
      underlyingQuote('U', '100', { sensitivityBucket: '1' }),
      underlyingQuote('V', '50', { sensitivityBucket: '2', rate: 0.03 }),
      underlyingQuote('W', '20', { sensitivityBucket: 'Residual' }),
    ],
    quotes: [
      quote('U-C', { volatility: 0.25 }),
      quote('V-P', { volatility: 0.4 }),
      quote('W-C', { volatility: 0.7 }),
      quote('V-F', { price: '50.3' }),
      quote('U', { price: '100' }),
    ],
  }),
  instruments: [
    option('U-C', { multiplier: new Decimal(100_000) }),
    option('V-P', { underlying: 'V', right: 'put', strike: new Decimal(55), expiry: daysLater(200), multiplier: new Decimal(100_000) }),
    option('W-C', { underlying: 'W', strike: new Decimal(22), expiry: daysLater(5), multiplier: new Decimal(100_000) }),
    future('V-F', { underlying: 'V', multiplier: new Decimal(100_000) }),
    share('U', { multiplier: new Decimal(10_000) }),
  ],
}); // prettier-ignore
const unconcentrated = own({ concentrationThresholds: null });

describe('SENSITIVITY', () => {
  itKeepsExactInvariants(own({}));

  it('scales with the book where concentration does not count', () => {
    fc.assert(
      fc.property(bookArbitrary(unconcentrated), fc.integer({ min: 2, max: 7 }), (positions, factor) => {
        const once = maintenanceOf(unconcentrated, positions);
        const scaled = maintenanceOf(unconcentrated, times(positions, factor));
        expect(Math.abs(scaled - factor * once)).toBeLessThanOrEqual(1e-9 * Math.max(1, scaled));
      }),
      { numRuns: 25 },
    );
  });

  it('charges at least in proportion where concentration counts', () => {
    const concentrated = own({});
    fc.assert(
      fc.property(bookArbitrary(concentrated), fc.integer({ min: 2, max: 7 }), (positions, factor) => {
        const single = [positions[0] as (typeof positions)[number]];
        const once = maintenanceOf(concentrated, single);
        expect(maintenanceOf(concentrated, times(single, factor))).toBeGreaterThanOrEqual(factor * once * (1 - 1e-12));
      }),
      { numRuns: 25 },
    );
  });

  it('charges a book without options like its opposite', () => {
    const linear = { ...own({}), instruments: own({}).instruments.filter(({ type }) => type !== 'option') };
    fc.assert(
      fc.property(bookArbitrary(linear), (positions) => {
        expect(maintenanceOf(linear, opposite(positions))).toBe(maintenanceOf(linear, positions));
      }),
      { numRuns: 25 },
    );
  });
});
