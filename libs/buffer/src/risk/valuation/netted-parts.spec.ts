import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { measureMoved } from '../breach/buffer-curve';
import { splitByUnderlying } from './account-parts';
import { nettedPartsOf, prepareNettedParts } from './netted-parts';

describe('prepareNettedParts', () => {
  it.each(breachCases.map((kind) => [kind.name, kind] as const))(
    'nets rows of a random %s account to the figures of the whole after any moves',
    (_, kind) => {
      const account = breachAccount(kind, { lines: 9, seed: 6, cushion: 0.2 });
      const at = { positions: account.portfolio.positions, calendarDays: 2 };
      const netted = prepareNettedParts(account, splitByUnderlying(account), at);
      if (netted === null) throw new Error('not taken apart');
      const moves = [-0.08, 0, 0.11];
      const rows = moves.map((move, part) => netted.rowAt(part, move) ?? Float64Array.of());
      const found = netted.figuresOf(rows);
      const moved = Object.fromEntries(netted.underlyingIds.map((id, part) => [id, moves[part] ?? NaN]));
      const { equity, maintenance } = measureMoved(account, { ...at, moves: moved });
      expect(found.equity).toBeCloseTo(equity, 6);
      expect(found.maintenance).toBeCloseTo(maintenance, 6);
    },
  );

  it('adds house rules of the whole account, and leaves those of one underlying to others', () => {
    const [tims] = breachCases;
    if (tims === undefined) throw new Error('no case');
    const account = breachAccount(tims, { lines: 6, seed: 3, cushion: 0.5 });
    const ruledBy = (underlying: string | null) => ({
      ...account,
      rules: {
        ...account.rules,
        houseRules: [
          {
            id: 'h',
            effectiveFrom: '2020-01-01',
            effectiveTo: null,
            scope: { level: 'firm' },
            underlying,
            effect: { kind: 'multiplier', multiplier: 1.5 },
          } as const,
        ],
      },
    });
    const [plain, ruled] = [nettedPartsOf(account), nettedPartsOf(ruledBy(null))];
    const maintenanceOf = (netted: typeof plain) => netted?.figuresOf(netted.still).maintenance ?? NaN;
    expect(maintenanceOf(ruled)).toBeCloseTo(1.5 * maintenanceOf(plain), 6);
    expect(nettedPartsOf(ruledBy('AA'))).toBeNull();
    expect(nettedPartsOf(account)).toBe(plain);
  });
});
