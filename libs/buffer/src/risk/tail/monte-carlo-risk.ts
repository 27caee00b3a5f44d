import { expm1 } from '@ballast/pricing';
import { hashPair } from '../sampling/owen-scramble';
import { prepareNormalPoints } from '../sampling/normal-points';
import { sortLosses, stratifiedTailFigures } from '../statistics/loss-quantile';
import { principalFactors } from '../statistics/principal-factors';
import type { Steps } from '../steps';
import type { PartProfit } from '../valuation/part-profit';
import { diversificationOf, type RiskEstimate, type StandaloneTail } from './risk-estimate';
import type { RiskQuestion } from './risk-question';
import { valueScenariosByPart } from './scenario-profits';

/** Standard errors in half of a 95 % interval. */
const halfWidth = 1.959963984540054;

/**
 * Monte Carlo: log returns jointly normal with the covariance of the horizon and no expected price change, the account
 * revalued on every path. Each replicate is an independently scrambled Sobol set on the principal factors; figures are
 * means over replicates and their standard errors come from the spread of the replicates.
 *
 * @param covariance  of the log returns over the horizon, row-major
 */
export function* monteCarloRisk(
  profits: readonly PartProfit[],
  covariance: Float64Array,
  question: RiskQuestion,
): Steps<RiskEstimate> {
  const { method, confidence, paths, replicates } = question;
  const moves = yield* drawMoves(covariance, question);
  const { byPart, error } = yield* valueScenariosByPart(profits, moves);
  const total = new Float64Array(paths * replicates);
  for (const part of byPart) part.forEach((profit, path) => (total[path] = (total[path] as number) + profit));
  const whole = replicateTails(total, question);
  const standalone = byPart.map((part, index): StandaloneTail => {
    const { valueAtRisk, expectedShortfall } = replicateTails(part, question);
    return {
      underlyingIds: profits[index]?.part.underlyingIds ?? [],
      valueAtRisk: valueAtRisk.mean,
      expectedShortfall: expectedShortfall.mean,
    };
  });
  const figures = { valueAtRisk: whole.valueAtRisk.mean, expectedShortfall: whole.expectedShortfall.mean };
  const reach = halfWidth * whole.valueAtRisk.error;
  const tail = paths * (1 - confidence);
  return {
    method,
    ...figures,
    valueAtRiskError: whole.valueAtRisk.error,
    expectedShortfallError: whole.expectedShortfall.error,
    interval: { low: figures.valueAtRisk - reach, high: figures.valueAtRisk + reach, coverage: 0.95 },
    standalone,
    diversification: diversificationOf(standalone, figures),
    observations: paths * replicates,
    revaluationError: error,
    worst: [],
    warnings: tail < 10 ? [`only ${tail.toFixed(1)} paths of a replicate lie in the tail: ask for more paths`] : [],
  };
}

/** Relative moves per underlying, replicate after replicate. */
function* drawMoves(covariance: Float64Array, question: RiskQuestion): Steps<readonly Float64Array[]> {
  const { paths, replicates, seed } = question;
  const size = Math.round(Math.sqrt(covariance.length));
  const factors = principalFactors(covariance, size);
  const moves = Array.from({ length: size }, () => new Float64Array(paths * replicates));
  const normals = new Float64Array(size);
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const points = prepareNormalPoints({ dimensions: size, seed: hashPair(seed, replicate) });
    for (let path = 0; path < paths; path += 1) {
      points.write(path, normals);
      moves.forEach((column, row) => {
        let sum = -0.5 * (covariance[row * size + row] as number);
        for (let index = 0; index < size; index += 1)
          sum += (factors[row * size + index] as number) * (normals[index] as number);
        column[replicate * paths + path] = expm1(sum);
      });
      if (path % 256 === 255) yield;
    }
  }
  return moves;
}

interface MeanAndError {
  readonly mean: number;
  readonly error: number;
}

function replicateTails(
  profits: Float64Array,
  { paths, replicates, confidence }: RiskQuestion,
): { readonly valueAtRisk: MeanAndError; readonly expectedShortfall: MeanAndError } {
  const tails = Array.from({ length: replicates }, (_, replicate) =>
    stratifiedTailFigures(
      sortLosses(profits.slice(replicate * paths, (replicate + 1) * paths).map((profit) => -profit)),
      confidence,
    ),
  );
  return {
    valueAtRisk: meanAndError(tails.map(({ valueAtRisk }) => valueAtRisk)),
    expectedShortfall: meanAndError(tails.map(({ expectedShortfall }) => expectedShortfall)),
  };
}

/** Mean of independent estimates and its standard error. @param estimates  two or more */
export function meanAndError(estimates: readonly number[]): MeanAndError {
  const count = estimates.length;
  const mean = estimates.reduce((sum, value) => sum + value, 0) / count;
  const squares = estimates.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (count * (count - 1))) };
}
