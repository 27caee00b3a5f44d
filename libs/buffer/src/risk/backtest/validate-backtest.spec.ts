// The validator validated: whole backtests on price paths whose law is known, for many seeds.
import { exp, inverseNormalCdf } from '@ballast/pricing';
import { historyDate, normals } from '../../../../../test/support/price-history';
import { finish } from '../steps';
import { type BacktestSeries, standardiseMoves } from './backtest-moves';
import { type ExceptionTests, testExceptions } from './exception-tests';
import { historicalSimulation, type RequirementModel } from './requirement-model';
import { defaultBacktestTerms, runBacktest } from './run-backtest';
import type { StandardPortfolio } from './standard-portfolios';

const seeds = Array.from({ length: 200 }, (_, seed) => seed);
const holding = (quantity: number): StandardPortfolio => ({
  id: `held ${quantity}`,
  label: `${quantity} of the underlying`,
  legs: [{ type: 'underlying', symbol: 'I', quantity }],
});
const dates = Array.from({ length: 2002 }, (_, day) => historyDate(day));
const daily = 0.2 / Math.sqrt(252);

/** A driftless lognormal price: ln(S[t+1]/S[t]) = σ[t] z − σ[t]²/2. */
const pathOf = (days: number, seed: number, sizeOn: (day: number) => number): BacktestSeries => {
  let level = 100;
  const steps = normals(days - 1, seed).map((value, day) => {
    const size = sizeOn(day);
    return (level *= exp(size * value - (size * size) / 2));
  });
  return { symbol: 'I', prices: Float64Array.of(100, ...steps), volatilities: new Float64Array(days).fill(0.2) };
};

/** Closed form of the loss that a holding exceeds with probability 1 %, where σ of a day is size. */
const quantile = (quantity: number, size: number) => {
  const move = -Math.sign(quantity) * inverseNormalCdf(0.99) * size - (size * size) / 2;
  return -quantity * (exp(move) - 1);
};
const quantityOf = ({ legs }: StandardPortfolio) => legs.reduce((sum, leg) => sum + leg.quantity, 0);
const closedForm =
  (sizeOn: (day: number) => number): RequirementModel =>
  (portfolio, { day }) =>
    quantile(quantityOf(portfolio), sizeOn(day));

const backtest = (series: BacktestSeries, quantity: number, firstWindow: number, model: RequirementModel) => {
  const [run] = finish(
    runBacktest({
      days: dates.slice(0, series.prices.length),
      series: [series],
      portfolios: [holding(quantity)],
      terms: { ...defaultBacktestTerms, firstWindow },
      model,
    }),
  );
  if (run === undefined) throw new Error('no run');
  return testExceptions(
    run.losses.map((loss, day) => (loss > (run.requirements.NONE[day] as number) ? 1 : 0)),
    0.01,
  );
};
const share = (found: readonly ExceptionTests[], holds: (tests: ExceptionTests) => boolean) =>
  found.filter(holds).length / found.length;
const pooled = (found: readonly ExceptionTests[]) =>
  found.reduce((sum, { exceptions }) => sum + exceptions, 0) /
  found.reduce((sum, { observations }) => sum + observations, 0);
const passesKupiec = ({ unconditionalP }: ExceptionTests) => unconditionalP >= 0.05;
const passesIndependence = ({ independenceP }: ExceptionTests) => independenceP >= 0.05;

// Of 600 days Kupiec's 5 % test rejects 0, 1 and 12 or more exceptions: by the binomial distribution a true model in 3.65 %.
describe('a backtest on geometric Brownian motion, 200 seeds of 600 days', () => {
  const run = (quantity: number, told: number) =>
    seeds.map((seed) =>
      backtest(
        pathOf(602, seed, () => daily),
        quantity,
        1,
        closedForm(() => told),
      ),
    );

  it.each([1, -1])('passes the true quantile of a holding of %i in at least 93 %', (quantity) => {
    const found = run(quantity, daily);
    expect(found[0]?.observations).toBe(600);
    expect(share(found, passesKupiec)).toBeGreaterThanOrEqual(0.93);
    expect(Math.abs(pooled(found) - 0.01)).toBeLessThan(0.0009);
  });

  it('rejects the quantile of half the volatility in at least 95 %', () => {
    const found = run(1, daily / 2);
    expect(1 - share(found, passesKupiec)).toBeGreaterThanOrEqual(0.95);
    // Φ(−z/2), z = 2.3263: 12.24 %
    expect(Math.abs(pooled(found) - 0.1224)).toBeLessThan(0.003);
  });
});

describe('a backtest on six volatile days in every 200, 50 seeds of 2,000 days', () => {
  // Volatile days exceed 0.4307 of their σ with probability 1/3, 1/3 of 3 % is 1 %; for calm days that is 4.3 σ.
  const sizeOn = (day: number) => (day % 200 < 194 ? 0.005 : 0.05);
  const constant = 1 - exp(-inverseNormalCdf(2 / 3) * 0.05 - 0.05 ** 2 / 2);
  const run = (model: RequirementModel) =>
    seeds.slice(0, 50).map((seed) => backtest(pathOf(2002, seed, sizeOn), 1, 1, model));

  it('rejects by Christoffersen a requirement that covers 99 % and does not follow', () => {
    const found = run(() => constant);
    expect(Math.abs(pooled(found) - 0.01)).toBeLessThan(0.001);
    expect(1 - share(found, passesIndependence)).toBeGreaterThanOrEqual(0.95);
  });

  it('passes one that does', () => {
    const found = run(closedForm(sizeOn));
    expect(share(found, passesKupiec)).toBeGreaterThanOrEqual(0.9);
    expect(share(found, passesIndependence)).toBeGreaterThanOrEqual(0.9);
  });
});

describe('the historical simulation on geometric Brownian motion, 20 seeds of 400 days', () => {
  const run = (scale: number, count: number) =>
    seeds.slice(0, count).map((seed) => {
      const series = pathOf(652, seed, () => daily);
      const moves = new Map([['I', standardiseMoves(series, 0.97)]]);
      const model = historicalSimulation(moves, { confidence: 0.99, stressedStretch: 250 });
      return backtest(series, 1, 251, (portfolio, at) =>
        at.scale === 'present' ? scale * model(portfolio, { ...at, from: at.day - 250 }) : 1,
      );
    });

  it('covers what the quantile of 250 losses covers, knowing the past alone', () => {
    // Place c(n − 1) of n independent losses is exceeded with probability ((1 − c)(n − 1) + 1)/(n + 1) = 1.39 %.
    expect(Math.abs(pooled(run(1, 20)) - (0.01 * 249 + 1) / 251)).toBeLessThan(0.003);
  });

  it('is rejected for every one of 5 seeds when halved', () => {
    expect(share(run(0.5, 5), passesKupiec)).toBe(0);
  });
});
