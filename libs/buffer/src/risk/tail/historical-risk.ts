import { expm1 } from '@ballast/pricing';
import { type AlignedReturns, horizonReturns } from '../history/aligned-returns';
import { filterReturns } from '../statistics/ewma-volatility';
import { shortfallStandardError, sortLosses, tailFigures } from '../statistics/loss-quantile';
import { orderStatisticInterval } from '../statistics/order-statistic-interval';
import type { Steps } from '../steps';
import type { PartProfit } from '../valuation/part-profit';
import { diversificationOf, type RiskEstimate, type StandaloneTail } from './risk-estimate';
import type { RiskQuestion } from './risk-question';
import { profitInScenario, valueScenariosByPart } from './scenario-profits';

const coverage = 0.95;
/** Standard errors in half of a 95 % interval. */
const halfWidth = 1.959963984540054;
const worstListed = 5;

/**
 * Historical simulation: today's account is revalued under each past move of its underlyings, taken together day by day, so
 * that their dependence is that of the past. FILTERED_HISTORICAL first scales each underlying's returns to its present
 * volatility (r* = r_t σ_now/σ_t).
 *
 * Moves over more than a day are sums of consecutive days and overlap; errors then count a sample of n as n/h. The tail
 * (the worst outcomes that decide VaR and ES) is always revalued in full.
 */
export function* historicalRisk(
  profits: readonly PartProfit[],
  returns: AlignedReturns,
  question: RiskQuestion,
): Steps<RiskEstimate> {
  const { method, confidence, horizonDays, decay } = question;
  const moves = returns.columns.map((column) => {
    const daily = method === 'FILTERED_HISTORICAL' ? filterReturns(column, decay) : column;
    return horizonReturns(daily, horizonDays).map((value) => expm1(value));
  });
  const { byPart, error } = yield* valueScenariosByPart(profits, moves);
  const count = moves[0]?.length ?? 0;
  const losses = new Float64Array(count);
  for (const part of byPart)
    part.forEach((profit, scenario) => (losses[scenario] = (losses[scenario] as number) - profit));
  const order = [...losses.keys()].sort((left, right) => (losses[right] as number) - (losses[left] as number));
  if (error > 0)
    for (const scenario of order.slice(0, Math.ceil(3 * count * (1 - confidence)) + 10)) {
      losses[scenario] = -profitInScenario(profits, moves, scenario);
      yield;
    }
  const sorted = sortLosses(losses);
  const whole = tailFigures(sorted, confidence);
  const standalone = byPart.map((part, index): StandaloneTail => ({
    underlyingIds: profits[index]?.part.underlyingIds ?? [],
    ...tailFigures(sortLosses(part.map((profit) => -profit)), confidence),
  }));
  const effective = Math.max(1, Math.floor(count / horizonDays));
  const interval = intervalOf(sorted, { effective, confidence });
  order.sort((left, right) => (losses[right] as number) - (losses[left] as number) || left - right);
  return {
    method,
    ...whole,
    valueAtRiskError: (interval.high - interval.low) / (2 * halfWidth),
    expectedShortfallError: shortfallStandardError(sorted, confidence, effective),
    interval,
    standalone,
    diversification: diversificationOf(standalone, whole),
    observations: count,
    revaluationError: error,
    worst: order.slice(0, worstListed).map((scenario) => ({
      date: returns.dates[scenario + horizonDays - 1] as string,
      loss: losses[scenario] as number,
    })),
    warnings: warningsOf({ effective, confidence, horizonDays }),
  };
}

/** The order statistics of a sample of n/h independent losses, at the same ranks of the whole sample. */
function intervalOf(
  sorted: Float64Array,
  { effective, confidence }: { readonly effective: number; readonly confidence: number },
): { readonly low: number; readonly high: number; readonly coverage: number } {
  const found = orderStatisticInterval({ count: effective, confidence, coverage });
  const last = sorted.length - 1;
  const placeOf = (rank: number) => Math.round(effective === 1 ? last : (rank / (effective - 1)) * last);
  return {
    low: sorted[placeOf(found.lower)] as number,
    high: sorted[placeOf(found.upper)] as number,
    coverage: found.coverage,
  };
}

function warningsOf(facts: {
  readonly effective: number;
  readonly confidence: number;
  readonly horizonDays: number;
}): readonly string[] {
  const { effective, confidence, horizonDays } = facts;
  const tail = effective * (1 - confidence);
  const share = `${(confidence * 100).toFixed(2)} %`;
  return [
    ...(tail < 2
      ? [
          `only ${tail.toFixed(1)} independent outcomes lie beyond ${share}: the figures are little more than the worst days`,
        ]
      : []),
    ...(horizonDays > 1 ? [`moves over ${horizonDays} days overlap: ${effective} of them are independent`] : []),
  ];
}
