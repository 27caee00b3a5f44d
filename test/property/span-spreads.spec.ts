import { Decimal } from '@ballast/domain';
import { computeRequirement, type PortfolioPosition } from '@ballast/margin';
import fc from 'fast-check';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../support/portfolio-builder';

const runs = { numRuns: 100 };
const underlyings = ['A', 'B', 'C'] as const;
const months = [20, 80, 170] as const;

const instruments = underlyings.flatMap((underlying) => [
  ...months.map((day) => future(`${underlying}-F${day}`, { underlying, expiry: daysLater(day) })),
  option(`${underlying}-C`, { underlying, expiry: daysLater(80) }),
  option(`${underlying}-P`, { underlying, right: 'put', strike: new Decimal(90), expiry: daysLater(170) }),
]);
const snapshot = snapshotOf({
  underlyings: underlyings.map((id) => underlyingQuote(id, '100', { kind: 'future', rate: 0.02 })),
  quotes: instruments.filter(({ type }) => type === 'option').map(({ id }) => quote(id, { volatility: 0.3 })),
});
const legs = (left: string, right: string) => [
  { underlying: left, ratio: 1, side: 'A' },
  { underlying: right, ratio: 2, side: 'B' },
];
const parameters = {
  default: {
    priceScanRange: { amount: 1500 },
    shortOptionMinimum: { rate: 15 },
    initialToMaintenanceRatio: 1.1,
    calendarSpreads: [
      {
        priority: 1,
        kind: 'series',
        rate: 70,
        legs: [
          { from: '2026-01', side: 'A' },
          { from: '2026-03', side: 'B' },
        ],
      },
      {
        priority: 1,
        rate: 90,
        legs: [
          { from: '2026-01', to: '2026-12', side: 'A' },
          { from: '2026-01', to: '2026-12', side: 'B' },
        ],
      },
    ],
    deliveryCharge: [{ month: '2026-01', spread: 5, outright: 11 }],
    exposureRate: 0.001,
  },
  intercommodity: [
    { priority: 1, rate: 0.7, legs: legs('A', 'B') },
    { priority: 2, rate: 0.5, legs: legs('B', 'C'), super: true },
    { priority: 3, rate: 40, method: 'flat', legs: legs('A', 'C') },
  ],
};
const rows = fc.array(
  fc
    .record({ instrument: fc.constantFrom(...instruments), quantity: fc.integer({ min: -9, max: 9 }) })
    .map(({ instrument, quantity }) => position(instrument, quantity)),
  { maxLength: 7 },
);
const compute = (positions: readonly PortfolioPosition[], changes: object = {}) =>
  computeRequirement({
    portfolio: portfolioOf(positions, { listedInstruments: instruments }),
    snapshot,
    parameters: { ...parameters, ...changes },
  });

describe('charges and credits', () => {
  it('leave a breakdown whose children add up to their parents exactly', () => {
    fc.assert(
      fc.property(rows, (positions) => {
        const { breakdown } = compute(positions);
        for (const parent of breakdown) {
          const children = breakdown.filter(({ parentId }) => parentId === parent.id);
          if (children.length === 0) continue;
          const sum = children.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
          expect(sum.toFixed()).toBe(parent.amount.amount.toFixed());
        }
      }),
      runs,
    );
  });

  it('leave contributions that add up to the maintenance requirement', () => {
    fc.assert(
      fc.property(rows, (positions) => {
        const { contributions, model } = compute(positions);
        const sum = contributions.reduce((total, { euler }) => total + euler, 0);
        expect(Math.abs(sum - (model?.maintenanceRequirement ?? NaN))).toBeLessThanOrEqual(1e-9 * (1 + sum));
      }),
      runs,
    );
  });

  it('INV-15 credit no more than the spread legs bring: between 0 and the requirement without credits', () => {
    fc.assert(
      fc.property(rows, (positions) => {
        const credited = compute(positions).model?.maintenanceRequirement ?? NaN;
        const uncredited =
          compute(positions, { intercommodity: parameters.intercommodity.map((spread) => ({ ...spread, rate: 0 })) })
            .model?.maintenanceRequirement ?? NaN;
        expect(credited).toBeGreaterThanOrEqual(0);
        expect(credited).toBeLessThanOrEqual(uncredited + 1e-9);
      }),
      runs,
    );
  });

  it('scale with the book as a whole: everything is homogeneous', () => {
    fc.assert(
      fc.property(rows, (positions) => {
        const double = positions.map((row) => ({ ...row, quantity: row.quantity.times(2) }));
        const once = compute(positions).model?.initialRequirement ?? NaN;
        expect(Math.abs((compute(double).model?.initialRequirement ?? NaN) - 2 * once)).toBeLessThanOrEqual(
          1e-9 * (1 + once),
        );
      }),
      runs,
    );
  });

  it('INV-20 round the requirement up by less than one cent; INV-17 a currency scales everything', () => {
    fc.assert(
      fc.property(rows, (positions) => {
        const result = compute(positions);
        const gap =
          (result.maintenanceRequirement?.amount.toNumber() ?? NaN) - (result.model?.maintenanceRequirement ?? NaN);
        expect(gap).toBeGreaterThanOrEqual(-1e-8);
        expect(gap).toBeLessThan(0.01);
        const doubled = { ...snapshot, fx: [{ from: 'USD', to: 'EUR', rate: new Decimal(2) }] };
        const euros = computeRequirement({
          portfolio: portfolioOf(positions, { baseCurrency: 'EUR', listedInstruments: instruments }),
          snapshot: doubled,
          parameters,
        });
        const expected = 2 * (result.model?.maintenanceRequirement ?? NaN);
        expect(Math.abs((euros.model?.maintenanceRequirement ?? NaN) - expected)).toBeLessThanOrEqual(
          1e-9 * (1 + expected),
        );
      }),
      runs,
    );
  });
});
