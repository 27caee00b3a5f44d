import { preparedAccount } from '../../../../../test/support/account-builder';
import { option, portfolioOf, position, quote, share, snapshotOf } from '../../../../../test/support/portfolio-builder';
import { finish } from '../steps';
import { splitByUnderlying } from './account-parts';
import { preparePartProfit } from './part-profit';
import { fitProfitCurve } from './profit-curve';

const profitOf = (positions: Parameters<typeof portfolioOf>[0]) => {
  const [part] = splitByUnderlying(
    preparedAccount({
      portfolio: portfolioOf(positions, { methodology: 'TIMS' }),
      snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }),
    }),
  );
  if (part === undefined) throw new Error('no part');
  return preparePartProfit(part, 0);
};

describe('fitProfitCurve', () => {
  it('is exact for shares', () => {
    const { profitAt, error } = finish(
      fitProfitCurve(profitOf([position(share('S'), 10)]), { from: -0.2, to: 0.2, nodes: 5 }),
    );
    expect(profitAt(0.123)).toBeCloseTo(123, 9);
    expect(error).toBeLessThan(1e-9);
  });

  it('states an error that shrinks with the grid and bounds what was compared', () => {
    const profit = profitOf([position(option('C'), -1)]);
    const [coarse, fine] = [9, 65].map((nodes) => finish(fitProfitCurve(profit, { from: -0.3, to: 0.3, nodes })));
    expect(fine?.error).toBeLessThan((coarse?.error ?? 0) / 10);
    expect(Math.abs((fine?.profitAt(0.0773) ?? NaN) - profit.profitAt([0.0773]))).toBeLessThan(0.5);
  });
});
