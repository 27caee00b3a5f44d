import { breachAccount, breachCases } from '../../../../test/support/breach-account';
import { normals } from '../../../../test/support/price-history';
import { measureState } from '../analysis/account-state';
import { finish } from '../risk/steps';
import { movingUnderlyings } from '../risk/valuation/account-parts';
import { correlationRoot } from './correlation-root';
import { prepareReverseMarket } from './reverse-market';
import { rayGrid } from './search-ray';
import { tabulateBuffer } from './tabled-buffer';

const marketOf = (account: ReturnType<typeof breachAccount>) => {
  const ids = movingUnderlyings(account);
  const factors = ids.map((underlyingId) => ({
    underlyingId,
    price: account.snapshot.underlyings.get(underlyingId)?.price as never,
    volatility: 0.3,
    source: 'GIVEN' as const,
  }));
  return prepareReverseMarket(account, {
    factors,
    correlation: correlationRoot({ ids, pairs: [], otherwise: 0.5 }),
    horizonDays: 5,
  });
};

describe('tabulateBuffer', () => {
  it.each(breachCases.map((kind) => [kind.name, kind] as const))(
    'of a random %s account is full revaluation at the distances of a ray, and within 0.5 % of the requirement elsewhere',
    (_, kind) => {
      const account = breachAccount(kind, { lines: 12, seed: 17, cushion: 0.3 });
      const market = marketOf(account);
      const table = finish(tabulateBuffer(account, market));
      const now = measureState(account);
      if (table === null || now.status === 'indeterminate') throw new Error('no table');
      const { maintenance } = now.figures;
      for (const [place, distance] of [0.25, -1.5, 3, -4].entries()) {
        const moves = market.movesOf([distance, rayGrid[place] ?? 0, -distance]);
        expect(Math.abs((table(moves) ?? NaN) - (market.bufferAt(moves) ?? NaN))).toBeLessThan(1e-9 * maintenance);
      }
      const draws = normals(30, 3);
      for (let point = 0; point < 10; point += 1) {
        const moves = market.movesOf([0, 1, 2].map((id) => 1.5 * (draws[3 * point + id] ?? NaN)));
        expect(Math.abs((table(moves) ?? NaN) - (market.bufferAt(moves) ?? NaN))).toBeLessThan(0.005 * maintenance);
      }
    },
  );

  it('has no value beyond the farthest ray, and none where house rules read single underlyings', () => {
    const [tims] = breachCases;
    if (tims === undefined) throw new Error('no case');
    const account = breachAccount(tims, { lines: 6, seed: 3, cushion: 0.5 });
    const market = marketOf(account);
    const table = finish(tabulateBuffer(account, market));
    expect(table?.(market.movesOf([40.5, 0, 0]))).toBeNull();
    expect(table?.(market.movesOf([39.5, 0, 0]))).not.toBeNull();
    const rule = {
      id: 'one',
      effectiveFrom: '2020-01-01',
      effectiveTo: null,
      scope: { level: 'firm' },
      underlying: 'AA',
      effect: { kind: 'multiplier', multiplier: 1.2 },
    } as const;
    const ruled = { ...account, rules: { ...account.rules, houseRules: [rule] } };
    expect(finish(tabulateBuffer(ruled, market))).toBeNull();
  });
});
