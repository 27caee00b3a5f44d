import { preparedAccount } from '../../../../../test/support/account-builder';
import { option, portfolioOf, position, quote, snapshotOf } from '../../../../../test/support/portfolio-builder';
import { normals } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { splitByUnderlying } from '../valuation/account-parts';
import { preparePartProfit } from '../valuation/part-profit';
import { historicalRisk } from './historical-risk';
import { defaultRiskQuestion } from './risk-question';

const account = preparedAccount({
  portfolio: portfolioOf([position(option('C'), -1)], { methodology: 'TIMS' }),
  snapshot: snapshotOf({ quotes: [quote('C', { volatility: 0.25 })] }),
});
const profits = splitByUnderlying(account).map((part) => preparePartProfit(part, 0));
const returns = {
  underlyingIds: ['U'],
  columns: [Float64Array.from(normals(400, 5), (value) => 0.02 * value)],
  dates: Array.from({ length: 400 }, (_, index) => `day ${index}`),
  from: 'start',
  warnings: [],
};

describe('historicalRisk', () => {
  it('revalues the tail in full, so that its figures carry no error of interpolation', () => {
    const found = finish(historicalRisk(profits, returns, { ...defaultRiskQuestion, method: 'HISTORICAL' }));
    const column = returns.columns[0] as Float64Array;
    const exact = [...column].map((value) => -(profits[0]?.profitAt([Math.expm1(value)]) ?? NaN)).sort((a, b) => a - b);
    expect(found.revaluationError).toBeGreaterThan(0);
    const place = 0.99 * 399;
    const [low, high] = [exact[395] as number, exact[396] as number];
    expect(found.valueAtRisk).toBeCloseTo(low + (place - 395) * (high - low), 8);
    expect(found.expectedShortfall).toBeCloseTo(exact.slice(396).reduce((sum, loss) => sum + loss, 0) / 4, 8);
    expect(found.worst[0]?.loss).toBeCloseTo(exact[399] as number, 8);
  });

  it('counts overlapping spans as fewer outcomes', () => {
    const found = finish(
      historicalRisk(profits, returns, { ...defaultRiskQuestion, method: 'HISTORICAL', horizonDays: 10 }),
    );
    expect(found.observations).toBe(391);
    expect(found.warnings.join()).toContain('39 of them are independent');
  });
});
