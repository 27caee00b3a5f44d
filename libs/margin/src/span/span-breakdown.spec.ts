import { Decimal } from '@ballast/domain';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { computeRequirement } from '../compute-requirement';

const legs = [
  { from: '2026-01', side: 'A' },
  { from: '2026-06', side: 'B' },
];
const parameters = {
  default: {
    priceScanRange: { amount: 1000.337 },
    shortOptionMinimum: { rate: 0.01 },
    initialToMaintenanceRatio: 1.1,
    exposureRate: 0.001,
    capNetOptionValue: true,
  },
  U: { calendarSpreads: [{ rate: 12.34, legs }], deliveryCharge: [{ month: '2026-06', spread: 1.11, outright: 2.22 }] },
  intercommodity: [
    {
      rate: 0.31,
      legs: [
        { underlying: 'U', side: 'A' },
        { underlying: 'V', side: 'B' },
      ],
    },
  ],
};
const rows = [
  position(future('U1', { expiry: daysLater(20) }), 5),
  position(future('U6', { expiry: daysLater(160) }), -2),
  position(future('V1', { underlying: 'V' }), -4),
  position(option('VP', { underlying: 'V', right: 'put' }), 40),
];
const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('V', '80')],
  quotes: [quote('VP', { volatility: 0.3 })],
});
const { breakdown, ...result } = computeRequirement({ portfolio: portfolioOf(rows), snapshot, parameters });

describe('the breakdown of a SPAN-style requirement', () => {
  it('adds up exactly at every node', () => {
    for (const parent of breakdown) {
      const children = breakdown.filter(({ parentId }) => parentId === parent.id);
      if (children.length === 0) continue;
      const sum = children.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
      expect([parent.id, sum.toFixed()]).toEqual([parent.id, parent.amount.amount.toFixed()]);
    }
  });

  it('starts with the two requirements as they are returned', () => {
    expect(breakdown[0]).toMatchObject({ id: '1', kind: 'requirement', amount: result.initialRequirement });
    expect(breakdown[1]).toMatchObject({
      id: '1.1',
      kind: 'maintenance-requirement',
      amount: result.maintenanceRequirement,
    });
  });

  it('has a node for everything that charges or credits', () => {
    const kinds = new Set(breakdown.map(({ kind }) => kind));
    for (const kind of [
      'initial-addition',
      'combined-commodity',
      'scan-risk',
      'calendar-spread-charge',
      'delivery-charge',
      'intercommodity-spread-credit',
      'exposure-add-on',
      'requirement-less-option-value',
      'net-option-value',
      'option-value-cap',
      'sum-of-positions',
      'diversification',
    ])
      expect(kinds).toContain(kind);
  });

  it('credits option value no further than the requirement where it is capped', () => {
    const total = breakdown.find(({ kind }) => kind === 'requirement-less-option-value');
    expect(total?.amount.amount.greaterThanOrEqualTo(0)).toBe(true);
  });
});
