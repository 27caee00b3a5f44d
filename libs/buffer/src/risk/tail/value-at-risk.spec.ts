import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../../../test/support/portfolio-builder';
import { normals, seriesOf } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { defaultRiskQuestion, type RiskMethod, type RiskQuestion } from './risk-question';
import { computeValueAtRisk } from './value-at-risk';

const underlyings = [underlyingQuote('U', '100'), underlyingQuote('V', '50')];
const accountOf = (positions: Parameters<typeof portfolioOf>[0]) =>
  preparedAccount({
    portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf('10000')] }),
    snapshot: snapshotOf({ underlyings, quotes: [quote('C', { volatility: 0.25 })] }),
  });
const shares = (id: string, underlying: string, quantity: number) => position(share(id, { underlying }), quantity);
/** Returns of 1 % a day in U, of 2 % in V, independent. */
const series = seriesOf({
  U: normals(1000, 3).map((value) => 0.01 * value),
  V: normals(1000, 4).map((value) => 0.02 * value),
});
const estimate = (
  positions: Parameters<typeof portfolioOf>[0],
  changes: Partial<RiskQuestion> & { readonly method: RiskMethod },
) => {
  const question = { ...defaultRiskQuestion, decay: 0.9999, paths: 1024, ...changes };
  const found = finish(computeValueAtRisk(accountOf(positions), { series }, question));
  if (found === null) throw new Error('no risk');
  return found;
};

describe('computeValueAtRisk', () => {
  it('of 100 shares at 100 whose losses were 1 … 1000 is 990.01, the shortfall 995.5', () => {
    const returns = Array.from({ length: 1000 }, (_, index) => Math.log(1 - (index + 1) / 10_000));
    const found = finish(
      computeValueAtRisk(
        accountOf([shares('S', 'U', 100)]),
        { series: seriesOf({ U: returns }) },
        {
          ...defaultRiskQuestion,
          method: 'HISTORICAL',
        },
      ),
    );
    expect(found?.valueAtRisk).toBeCloseTo(990.01, 6);
    expect(found?.expectedShortfall).toBeCloseTo(995.5, 6);
    expect(found?.interval?.coverage).toBeGreaterThan(0.94);
    expect(found?.interval?.low).toBeLessThan(990);
    expect(found?.interval?.high).toBeGreaterThan(990.5);
    expect(found?.worst[0]?.loss).toBeCloseTo(1000, 6);
  });

  it('of shares by delta and gamma is 2.3263 deviations of the price, and adds up as two independent risks do', () => {
    const alone = estimate([shares('S', 'U', 100)], { method: 'DELTA_GAMMA' });
    const sigma = (alone.factors.volatilities[0] as number) / Math.sqrt(252);
    expect(sigma).toBeCloseTo(0.01, 3);
    expect(alone.valueAtRisk).toBeCloseTo(10_000 * sigma * 2.3263478740408408, 3);
    expect(alone.expectedShortfall).toBeCloseTo(10_000 * sigma * 2.665214220345808, 3);
    const both = estimate([shares('S', 'U', 100), shares('T', 'V', 100)], { method: 'DELTA_GAMMA' });
    const [first, second] = both.standalone.map(({ valueAtRisk }) => valueAtRisk) as [number, number];
    const rho = both.factors.correlations[1] as number;
    expect(both.valueAtRisk).toBeCloseTo(Math.sqrt(first ** 2 + second ** 2 + 2 * rho * first * second), 3);
    expect(both.diversification.valueAtRisk).toBeCloseTo(first + second - both.valueAtRisk, 8);
  });

  it('converges to the closed form of a lognormal share within 3 standard errors', () => {
    const found = estimate([shares('S', 'U', 100)], { method: 'MONTE_CARLO' });
    const sigma = (found.factors.volatilities[0] as number) / Math.sqrt(252);
    const closed = 10_000 * (1 - Math.exp(-0.5 * sigma * sigma - sigma * 2.3263478740408408));
    expect(found.valueAtRiskError).toBeLessThan(1);
    expect(Math.abs(found.valueAtRisk - closed)).toBeLessThan(3 * (found.valueAtRiskError ?? 0));
    expect(found.revaluationError).toBeLessThan(1e-9);
  });

  it('scales history to a present volatility twice that of the past', () => {
    const rising = seriesOf({ U: normals(1000, 3).map((value, day) => (day < 900 ? 0.01 : 0.02) * value) });
    const [plain, filtered] = (['HISTORICAL', 'FILTERED_HISTORICAL'] as const).map((method) =>
      finish(
        computeValueAtRisk(accountOf([shares('S', 'U', 100)]), { series: rising }, { ...defaultRiskQuestion, method }),
      ),
    );
    expect((filtered?.valueAtRisk ?? 0) / (plain?.valueAtRisk ?? 1)).toBeGreaterThan(1.2);
  });

  it('agrees over the methods for options, ES ≥ VaR in all of them, more days or confidence never less', () => {
    const held = [position(option('C'), -5), shares('T', 'V', 50)];
    for (const method of ['HISTORICAL', 'FILTERED_HISTORICAL', 'DELTA_GAMMA', 'MONTE_CARLO'] as const) {
      const found = estimate(held, { method });
      expect(found.expectedShortfall).toBeGreaterThan(found.valueAtRisk);
      expect(found.diversification.expectedShortfall).toBeGreaterThan(-1e-9);
      expect(found.valueAtRisk).toBeGreaterThan(600);
      expect(found.valueAtRisk).toBeLessThan(1100);
      expect(estimate(held, { method, confidence: 0.995 }).valueAtRisk).toBeGreaterThan(found.valueAtRisk);
      expect(estimate(held, { method, horizonDays: 5 }).valueAtRisk).toBeGreaterThan(found.valueAtRisk);
    }
  });

  it('gives the same bits for the same seed and others for another', () => {
    const run = (seed: number) => estimate([position(option('C'), -5)], { method: 'MONTE_CARLO', seed, paths: 256 });
    expect(run(1)).toEqual(run(1));
    expect(run(1).valueAtRisk).not.toBe(run(2).valueAtRisk);
  });

  it('has nothing to estimate for cash, and refuses an underlying without history', () => {
    expect(finish(computeValueAtRisk(accountOf([]), { series }, defaultRiskQuestion))).toBeNull();
    const other = { series: seriesOf({ X: Array.from({ length: 30 }, () => 0.01) }) };
    expect(() => finish(computeValueAtRisk(accountOf([shares('S', 'U', 1)]), other, defaultRiskQuestion))).toThrow(
      'U: no price history among X',
    );
  });
});
