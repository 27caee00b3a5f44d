import type { HouseRule } from '@ballast/margin';
import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { measureMoved } from './buffer-curve';
import { isOfTheWhole, splitMoved, withHouseRules } from './account-split';

const rule = (effect: HouseRule['effect'], underlying: string | null = null): HouseRule => ({
  id: effect.kind,
  effectiveFrom: '2020-01-01',
  effectiveTo: null,
  scope: { level: 'firm' },
  underlying,
  effect,
});

describe('splitMoved', () => {
  it.each(breachCases.map((kind) => [kind.name, kind] as const))(
    'measures a moved %s account as a whole does',
    (_, kind) => {
      const account = breachAccount(kind, { lines: 9, seed: 8, cushion: 0.2 });
      const [first = ''] = account.snapshot.underlyings.keys();
      const at = { positions: account.portfolio.positions, calendarDays: 3, moves: { [first]: -0.07 } };
      const [split, whole] = [splitMoved(account, at), measureMoved(account, at)];
      const { parts, maintenanceOf } = split.requirement;
      expect(split.equity).toBe(whole.equity);
      expect(maintenanceOf(parts.map(({ figures }) => figures))).toBeCloseTo(whole.maintenance, 6);
      expect(split.holdsPositions).toBe(true);
    },
  );
});

describe('withHouseRules', () => {
  it('multiplies, adds, then lifts to the minimum', () => {
    const rules = [rule({ kind: 'multiplier', multiplier: 1.2 }), rule({ kind: 'add-on', amount: 50 })];
    expect(withHouseRules(rules, 1000, true)).toBeCloseTo(1250, 10);
    expect(withHouseRules([...rules, rule({ kind: 'minimum-equity', amount: 2000 })], 1000, true)).toBe(2000);
    expect(withHouseRules(rules, 0, false)).toBe(0);
  });

  it('leaves rules about one underlying to full revaluation', () => {
    expect(isOfTheWhole([rule({ kind: 'add-on', amount: 1 })])).toBe(true);
    expect(isOfTheWhole([rule({ kind: 'multiplier', multiplier: 1.2 }, 'AA')])).toBe(false);
    expect(isOfTheWhole([rule({ kind: 'concentration', limit: 1, rate: 0.1 })])).toBe(false);
  });
});
