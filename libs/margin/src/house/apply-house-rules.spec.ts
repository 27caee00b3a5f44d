import { Decimal } from '@ballast/domain';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../../test/support/portfolio-builder';
import { computeRequirement } from '../compute-requirement';
import { applyHouseRules } from './apply-house-rules';
import { parseHouseRules } from './parse-house-rules';

const portfolio = portfolioOf([position(option('C'), -3), position(share('S'), 100)]);
const snapshot = snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] });
const requirement = computeRequirement({ portfolio, snapshot });
const apply = (rules: unknown) =>
  applyHouseRules({ requirement, rules: parseHouseRules(rules, 'house'), portfolio, snapshot });
const from = { effectiveFrom: '2026-01-01' };

describe('applyHouseRules', () => {
  const result = apply([
    { id: 'x', ...from, kind: 'multiplier', multiplier: 1.25 },
    { id: 'u', ...from, kind: 'multiplier', multiplier: 1.1, underlying: 'U' },
    { id: 'a', ...from, kind: 'add-on', amount: 123.456 },
    { id: 'c', ...from, kind: 'concentration', limit: 1000, rate: 0.01 },
    { id: 'm', ...from, kind: 'minimum-equity', amount: 100000 },
  ]);

  it('reaches the minimum and explains every step by a node', () => {
    expect(result.maintenanceRequirement?.amount.toFixed()).toBe('100000');
    const kinds = result.breakdown.filter(({ parentId }) => parentId === '1').map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'rounding')).toEqual([
      'methodology-requirement',
      'house-multiplier',
      'house-multiplier',
      'house-concentration',
      'house-add-on',
      'house-minimum-equity',
    ]);
  });

  it('keeps a breakdown that adds up, with unique identifiers under their parents', () => {
    const ids = result.breakdown.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const parent of result.breakdown) {
      const children = result.breakdown.filter(({ parentId }) => parentId === parent.id);
      const sum = children.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
      if (children.length > 0) expect([parent.id, sum.toFixed()]).toEqual([parent.id, parent.amount.amount.toFixed()]);
      if (parent.parentId !== null) expect(ids).toContain(parent.parentId);
    }
  });

  it('lets contributions grow to the new total', () => {
    const sum = result.contributions.reduce((total, { euler }) => total + euler, 0);
    expect(sum).toBeCloseTo(100000, 6);
  });

  it('leaves a requirement alone that no rule charges or that is indeterminate', () => {
    expect(apply([{ id: 'm', ...from, kind: 'minimum-equity', amount: 1 }])).toBe(requirement);
    const unknown = computeRequirement({ portfolio, snapshot: snapshotOf({}) });
    const rules = parseHouseRules([{ id: 'a', ...from, kind: 'add-on', amount: 1 }], 'house');
    expect(applyHouseRules({ requirement: unknown, rules, portfolio, snapshot })).toBe(unknown);
  });
});
