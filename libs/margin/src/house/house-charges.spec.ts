import { computeHouseCharges, type HouseFacts } from './house-charges';
import type { HouseEffect, HouseRule } from './house-rule';

const rule = (effect: HouseEffect, underlying: string | null = null): HouseRule => ({
  id: effect.kind,
  effectiveFrom: '2026-01-01',
  effectiveTo: null,
  scope: { level: 'firm' },
  underlying,
  effect,
});
const facts: HouseFacts = {
  initial: 1100,
  maintenance: 1000,
  shares: new Map([
    ['A', 600],
    ['B', 400],
    ['H', -50],
  ]),
  deltaValues: new Map([
    ['A', 5000],
    ['B', 100],
  ]),
  holdsPositions: true,
};
const charge = (rules: HouseRule[], changed: Partial<HouseFacts> = {}) =>
  computeHouseCharges(rules, { ...facts, ...changed }).map(({ initial, maintenance }) => [initial, maintenance]);

describe('computeHouseCharges', () => {
  it('multiplies the share of one underlying, then the sum', () => {
    const charges = charge([
      rule({ kind: 'multiplier', multiplier: 2 }),
      rule({ kind: 'multiplier', multiplier: 1.5 }, 'A'),
    ]);
    expect(charges).toEqual([
      [expect.closeTo(330, 9), 300],
      [expect.closeTo(1430, 9), 1300],
    ]);
  });

  it('gives no discount for a share that relieves', () => {
    expect(charge([rule({ kind: 'multiplier', multiplier: 3 }, 'H')])).toEqual([]);
  });

  it('charges delta value above the limit, the rule of an underlying before the general one', () => {
    const general = rule({ kind: 'concentration', limit: 1000, rate: 0.1 });
    expect(charge([general])).toEqual([[400, 400]]);
    expect(charge([general, rule({ kind: 'concentration', limit: 4000, rate: 0.5 }, 'A')])).toEqual([[500, 500]]);
  });

  it('adds a fixed amount, and tops up to the minimum equity last', () => {
    const rules = [rule({ kind: 'minimum-equity', amount: 1250 }), rule({ kind: 'add-on', amount: 100 })];
    expect(charge(rules)).toEqual([
      [100, 100],
      [50, 150],
    ]);
    expect(charge(rules, { holdsPositions: false })).toEqual([]);
  });
});
