import { Decimal } from '@ballast/domain';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../test/support/portfolio-builder';
import { overlayCharges } from './charge-overlay';
import { computeRequirement } from './compute-requirement';

const portfolio = portfolioOf([position(option('C'), -3), position(share('S'), 100)]);
const requirement = computeRequirement({
  portfolio,
  snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }),
});
const overlay = (changes: { initial?: number; maintenance?: number } | null) =>
  overlayCharges({
    requirement,
    charges:
      changes === null
        ? []
        : [{ kind: 'extra', label: 'Extra', basis: 'test', initial: 0, maintenance: 0, ...changes }],
    currency: portfolio.baseCurrency,
    maintenanceKind: 'maintenance-with-extra',
    basis: 'methodology and extra',
  });

describe('overlayCharges', () => {
  it('adds each charge to its side and explains it in a tree that adds up', () => {
    const result = overlay({ initial: 12.5, maintenance: 7 });
    const grown = (after: typeof requirement.initialRequirement, before: typeof requirement.initialRequirement) =>
      after?.amount.minus(before?.amount ?? 0).toFixed();
    expect(grown(result.initialRequirement, requirement.initialRequirement)).toBe('12.5');
    expect(grown(result.maintenanceRequirement, requirement.maintenanceRequirement)).toBe('7');
    const kinds = result.breakdown.filter(({ parentId }) => parentId === null).map(({ kind }) => kind);
    expect(kinds.slice(0, 2)).toEqual(['requirement', 'maintenance-with-extra']);
    for (const parent of result.breakdown) {
      const children = result.breakdown.filter(({ parentId }) => parentId === parent.id);
      const sum = children.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
      if (children.length > 0) expect([parent.id, sum.toFixed()]).toEqual([parent.id, parent.amount.amount.toFixed()]);
    }
    const shares = result.contributions.reduce((sum, { euler }) => sum + euler, 0);
    expect(shares).toBeCloseTo(result.model?.maintenanceRequirement ?? Number.NaN, 6);
  });

  it('can be laid over an overlaid requirement, identifiers staying unique', () => {
    const twice = overlayCharges({
      requirement: overlay({ initial: 1, maintenance: 2 }),
      charges: [{ kind: 'more', label: 'More', basis: 'test', initial: 3, maintenance: 4 }],
      currency: portfolio.baseCurrency,
      maintenanceKind: 'maintenance-with-more',
      basis: 'and more',
    });
    const ids = twice.breakdown.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { parentId } of twice.breakdown) if (parentId !== null) expect(ids).toContain(parentId);
  });

  it('leaves a requirement without charges alone', () => {
    expect(overlay(null)).toBe(requirement);
  });
});
