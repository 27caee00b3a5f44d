import { parseInstant } from '@ballast/domain';
import type { HouseRule } from './house-rule';
import { selectHouseRules } from './select-house-rules';

const rule = (id: string, changes: Partial<HouseRule> = {}): HouseRule => ({
  id,
  effectiveFrom: '2026-01-01',
  effectiveTo: null,
  scope: { level: 'firm' },
  underlying: null,
  effect: { kind: 'multiplier', multiplier: 1.1 },
  ...changes,
});
const asOf = parseInstant('2026-03-01T12:00:00Z', 'asOf');
const select = (rules: HouseRule[], account = {}) => selectHouseRules(rules, { ...account, asOf }).map(({ id }) => id);

describe('selectHouseRules', () => {
  const firm = rule('firm');
  const group = rule('group', { scope: { level: 'account-group', accountGroup: 'G' } });
  const account = rule('account', { scope: { level: 'account', account: 'A' } });

  it('lets the narrowest scope win', () => {
    expect(select([firm, group, account])).toEqual(['firm']);
    expect(select([firm, group, account], { accountGroup: 'G' })).toEqual(['group']);
    expect(select([firm, group, account], { accountGroup: 'G', account: 'A' })).toEqual(['account']);
  });

  it('takes the latest in force, from its first day to before its last', () => {
    const march = rule('march', { effectiveFrom: '2026-03-01' });
    const april = rule('april', { effectiveFrom: '2026-04-01' });
    const ended = rule('ended', { effectiveFrom: '2026-02-01', effectiveTo: '2026-03-01' });
    expect(select([firm, march, april, ended])).toEqual(['march']);
    expect(select([rule('over', { effectiveTo: '2026-03-01' })])).toEqual([]);
  });

  it('keeps rules of different kinds and underlyings side by side, in canonical order', () => {
    const gold = rule('gold', { underlying: 'GC' });
    const addOn = rule('add', { effect: { kind: 'add-on', amount: 1 } });
    expect(select([gold, firm, addOn])).toEqual(['add', 'firm', 'gold']);
    expect(select([addOn, firm, gold])).toEqual(['add', 'firm', 'gold']);
  });
});
