import { parseHouseRules } from './parse-house-rules';

const rule = (changes: Record<string, unknown>) => ({
  id: 'r',
  effectiveFrom: '2026-01-01',
  kind: 'multiplier',
  multiplier: 1.2,
  ...changes,
});

describe('parseHouseRules', () => {
  it('reads rules of each kind and scope', () => {
    const rules = parseHouseRules(
      [
        rule({ underlying: 'GC', account: 'A1' }),
        {
          id: 'a',
          effectiveFrom: '2026-01-01',
          effectiveTo: '2026-02-01',
          kind: 'add-on',
          amount: 500,
          accountGroup: 'G',
        },
        { id: 'm', effectiveFrom: '2026-01-01', kind: 'minimum-equity', amount: 100000 },
        { id: 'c', effectiveFrom: '2026-01-01', kind: 'concentration', limit: 1e6, rate: 0.1 },
      ],
      'house',
    );
    expect(rules.map(({ scope, underlying, effectiveTo, effect }) => [scope, underlying, effectiveTo, effect])).toEqual(
      [
        [{ level: 'account', account: 'A1' }, 'GC', null, { kind: 'multiplier', multiplier: 1.2 }],
        [{ level: 'account-group', accountGroup: 'G' }, null, '2026-02-01', { kind: 'add-on', amount: 500 }],
        [{ level: 'firm' }, null, null, { kind: 'minimum-equity', amount: 100000 }],
        [{ level: 'firm' }, null, null, { kind: 'concentration', limit: 1e6, rate: 0.1 }],
      ],
    );
  });

  it.each([
    ['a multiplier laxer than the exchange', rule({ multiplier: 0.9 }), 'house[0].multiplier'],
    ['a date that does not exist', rule({ effectiveFrom: '2026-02-30' }), 'house[0].effectiveFrom'],
    ['an end before the start', rule({ effectiveTo: '2026-01-01' }), 'house[0].effectiveTo'],
    ['two scopes', rule({ account: 'A', accountGroup: 'G' }), 'house[0].accountGroup'],
    ['a key of another kind', rule({ amount: 5 }), 'house[0].amount'],
    ['an unknown kind', rule({ kind: 'tax' }), 'house[0].kind'],
    ['an unknown key', rule({ multiplyer: 2 }), 'house[0].multiplyer'],
    [
      'an add-on on one underlying',
      { id: 'a', effectiveFrom: '2026-01-01', kind: 'add-on', amount: 5, underlying: 'GC' },
      'house[0].underlying',
    ],
    ['no identifier', rule({ id: '' }), 'house[0].id'],
  ])('refuses %s', (_, value, field) => {
    expect(() => parseHouseRules([value], 'house')).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', field }),
    );
  });
});
