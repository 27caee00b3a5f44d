import { breachAccount, breachCases } from '../../../../../test/support/breach-account';
import { normals } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { splitByUnderlying } from '../valuation/account-parts';
import { measureMoved } from './buffer-curve';
import { prepareCombinedField } from './combined-field';
import { timeNodes } from './time-nodes';

const volatilities = [0.3, 0.35, 0.4];

describe('prepareCombinedField', () => {
  it.each(breachCases.map((kind, place) => [kind.name, 1 + place, kind] as const))(
    'of a random %s account %i lies within 0.5 % of the requirement of full revaluation, and its slopes with it',
    (_, seed, kind) => {
      const account = breachAccount(kind, { lines: 6, seed, cushion: 0.3 });
      const nodes = timeNodes(account, { horizonDays: 10, steps: 1 });
      const parts = splitByUnderlying(account);
      const ids = parts.flatMap(({ underlyingIds }) => underlyingIds);
      const found = finish(prepareCombinedField(account, parts, nodes, Float64Array.from(volatilities)));
      if (found === null) throw new Error('no field');
      const full = (node: number, moves: Float64Array) => {
        const at = nodes[node];
        if (at === undefined) throw new Error('no node');
        const moved = Object.fromEntries(ids.map((id, index) => [id, Math.expm1(moves[index] ?? NaN)]));
        return measureMoved(account, { positions: at.entering, calendarDays: at.calendarDays, moves: moved });
      };
      const draws = normals(24, seed);
      const tolerance =
        0.005 *
        measureMoved(account, { positions: account.portfolio.positions, calendarDays: 0, moves: {} }).maintenance;
      for (let point = 0; point < 8; point += 1) {
        const node = point % nodes.length;
        const scale = Math.sqrt(nodes[node]?.years ?? NaN);
        const moves = Float64Array.from(
          volatilities,
          (volatility, id) => volatility * scale * (draws[3 * point + id] ?? NaN),
        );
        const { equity, maintenance } = full(node, moves);
        const buffer = found.bufferAt(node, 'entering', moves);
        expect(Math.abs(buffer - (equity - maintenance))).toBeLessThan(tolerance);
        const [slope] = found.slopesAt(node, 'entering', moves, buffer);
        const bumped = Float64Array.from(moves, (move, id) => (id === 0 ? move + 1e-4 : move));
        expect(slope).toBeCloseTo((found.bufferAt(node, 'entering', bumped) - buffer) / 1e-4, 6);
      }
    },
  );

  it('settles what expires at an instant as full revaluation does', () => {
    const [tims] = breachCases;
    if (tims === undefined) throw new Error('no case');
    const account = breachAccount(tims, { lines: 6, seed: 3, cushion: 0.5 });
    const nodes = timeNodes(account, { horizonDays: 15, steps: 1 });
    const expiring = nodes.findIndex(({ entering, leaving }) => entering !== leaving);
    expect(expiring).toBe(0);
    const node = nodes[expiring];
    const parts = splitByUnderlying(account);
    const found = finish(prepareCombinedField(account, parts, nodes, Float64Array.from(volatilities)));
    const moves = Float64Array.of(0.04, -0.03, 0.02);
    const equityOf = (positions: typeof account.portfolio.positions) =>
      measureMoved(account, {
        positions,
        calendarDays: node?.calendarDays ?? NaN,
        moves: { AA: Math.expm1(0.04), BB: Math.expm1(-0.03), CC: Math.expm1(0.02) },
      }).equity;
    const settled = equityOf(node?.entering ?? []) - equityOf(node?.leaving ?? []);
    expect(Math.abs(settled)).toBeGreaterThan(100);
    expect(Math.abs((found?.settlementAt(expiring, moves) ?? NaN) - settled)).toBeLessThan(0.01 * Math.abs(settled));
  });
});
