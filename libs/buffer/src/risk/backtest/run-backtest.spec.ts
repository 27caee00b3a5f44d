import { historyDate, normals } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { testExceptions } from './exception-tests';
import { defaultBacktestTerms, runBacktest } from './run-backtest';
import { standardPortfolios } from './standard-portfolios';

const count = 900;
/** A price with constant volatility of 1 % a day, whose implied volatility never moves. */
const seriesOf = (symbol: string, seed: number) => {
  let level = 100;
  const prices = Float64Array.from([
    100,
    ...normals(count - 1, seed).map((value) => (level *= Math.exp(0.01 * value))),
  ]);
  return { symbol, prices, volatilities: new Float64Array(count).fill(0.16) };
};
const portfolios = standardPortfolios({ index: 'I', shares: ['A', 'B'] }).filter(({ id }) => id === 'long-only');
const run = (scaleOfLosses = 1) => {
  const [found] = finish(
    runBacktest({
      days: Array.from({ length: count }, (_, day) => historyDate(day)),
      series: [seriesOf('I', 1), seriesOf('A', 2), seriesOf('B', 2)],
      portfolios,
      terms: { ...defaultBacktestTerms, decay: 0.99 },
    }),
  );
  if (found === undefined) throw new Error('no run');
  const exceptions = found.losses.map((loss, day) =>
    loss * scaleOfLosses > (found.requirements.NONE[day] as number) ? 1 : 0,
  );
  return { found, tests: testExceptions(exceptions, 0.01) };
};

describe('runBacktest', () => {
  it('of a price of 1 % a day requires about 2.33 % and covers 99 %', () => {
    const { found, tests } = run();
    expect(found.losses).toHaveLength(count - 1 - 500);
    const mean = found.requirements.NONE.reduce((sum, value) => sum + value, 0) / found.requirements.NONE.length;
    expect(mean).toBeGreaterThan(0.019);
    expect(mean).toBeLessThan(0.028);
    expect(tests.unconditionalP).toBeGreaterThan(0.05);
    found.requirements.FLOOR.forEach((value, day) =>
      expect(value).toBeGreaterThanOrEqual(found.requirements.NONE[day] as number),
    );
  });

  it('is rejected where losses are twice what it was told', () => {
    expect(run(2).tests.unconditionalP).toBeLessThan(1e-6);
  });

  it('refuses too few days', () => {
    const input = { days: ['2020-01-01'], series: [], portfolios, terms: defaultBacktestTerms };
    expect(() => finish(runBacktest(input))).toThrow('1 days, more than 500 are needed');
  });
});
