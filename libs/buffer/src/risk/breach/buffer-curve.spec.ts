import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
} from '../../../../../test/support/portfolio-builder';
import { finish } from '../steps';
import { splitByUnderlying } from '../valuation/account-parts';
import { fitBufferCurve, measureMoved, tabulateBufferCurve } from './buffer-curve';

const accountOf = (positions: Parameters<typeof portfolioOf>[0]) =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf('4000')] }),
    snapshot: snapshotOf({ quotes: [quote('F', { price: '100' }), quote('C', { volatility: 0.25 })] }),
  });
const curveOf = (account: ReturnType<typeof accountOf>) => {
  const [part] = splitByUnderlying(account);
  if (part === undefined) throw new Error('no part');
  const { positions } = account.portfolio;
  return finish(fitBufferCurve(part, { positions, calendarDays: 2, deviation: 0.03 }));
};

describe('fitBufferCurve', () => {
  it('of a long future of 100 with 4,000 is 4,000 + 85 S − 10,000', () => {
    const curve = curveOf(accountOf([position(future('F'), 1)]));
    for (const move of [-0.15, -0.011, 0, 0.07])
      expect(curve.bufferAt(move)).toBeCloseTo(4000 + 85 * 100 * Math.exp(move) - 10_000, 2);
    expect(curve.equityAt(0)).toBeCloseTo(4000, 8);
  });

  it('lies close to full revaluation of an option between the points of the grid', () => {
    const account = accountOf([position(option('C'), -2)]);
    const curve = curveOf(account);
    for (const move of [-0.1011, 0.0123, 0.0877]) {
      const { positions } = account.portfolio;
      const full = measureMoved(account, { positions, calendarDays: 2, moves: { U: Math.expm1(move) } });
      expect(Math.abs(curve.bufferAt(move) - (full.equity - full.maintenance))).toBeLessThan(1);
    }
  });
});

describe('tabulateBufferCurve', () => {
  it('lies within 0.5 % of its range of full revaluation, from fewer revaluations where nothing bends', () => {
    const account = accountOf([position(option('C'), -2), position(future('F'), 1)]);
    const [part] = splitByUnderlying(account);
    if (part === undefined) throw new Error('no part');
    const { positions } = account.portfolio;
    const at = { positions, calendarDays: 2, deviation: 0.03 };
    const [curve, straight] = [account, accountOf([position(future('F'), 1)])].map((one) =>
      finish(tabulateBufferCurve(splitByUnderlying(one)[0] ?? part, { ...at, positions: one.portfolio.positions })),
    );
    const range = Math.max(...(curve?.buffers ?? [])) - Math.min(...(curve?.buffers ?? []));
    for (const move of [-0.1511, -0.0123, 0, 0.0123, 0.0877]) {
      const full = measureMoved(account, { positions, calendarDays: 2, moves: { U: Math.expm1(move) } });
      expect(Math.abs((curve?.bufferAt(move) ?? NaN) - (full.equity - full.maintenance))).toBeLessThan(0.005 * range);
      expect(Math.abs((curve?.equityAt(move) ?? NaN) - full.equity)).toBeLessThan(0.005 * range);
    }
    expect(straight?.at.length).toBe(33);
    expect(curve?.at.length).toBeGreaterThan(33);
  });
});
