import type { PreparedState } from '../../analysis/account-state';
import { alignReturns, type PriceSeries } from '../history/aligned-returns';
import { correlationsOf, factorCovariance } from '../statistics/factor-covariance';
import type { Steps } from '../steps';
import { movingUnderlyings, splitByUnderlying } from '../valuation/account-parts';
import { preparePartProfit } from '../valuation/part-profit';
import { deltaGammaRisk } from './delta-gamma-risk';
import { historicalRisk } from './historical-risk';
import { monteCarloRisk } from './monte-carlo-risk';
import type { RiskEstimate } from './risk-estimate';
import { checkRiskQuestion, type RiskQuestion } from './risk-question';

/** Price history of an account's underlyings, and how much of it counts. */
export interface RiskHistory {
  readonly series: PriceSeries;
  /** Symbol of each underlying where it is not the underlying's own identifier. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Daily returns used, the latest; all when absent. */
  readonly window?: number;
}

/** Volatility and correlation that the parametric and Monte Carlo methods used. */
export interface FactorStatistics {
  readonly underlyingIds: readonly string[];
  /** Annualised over 252 days. */
  readonly volatilities: readonly number[];
  /** Row-major. */
  readonly correlations: readonly number[];
}

/** An estimate and the history it stands on. */
export interface ValueAtRisk extends RiskEstimate {
  /** First and last day of the history used, and the number of its daily returns. */
  readonly window: { readonly from: string; readonly to: string; readonly returns: number };
  readonly factors: FactorStatistics;
}

const tradingDays = 252;

/**
 * Estimates value at risk and expected shortfall of an account (methodology §5.8). Prices of underlyings move;
 * volatilities of strikes, rates and exchange rates stay.
 *
 * @returns null for an account that no price moves: it has no market risk
 * @throws DomainError 'PRICE_MISSING' for an underlying without history or a contract without a price,
 *         'INVALID_PARAMETER' for an impossible question
 */
export function* computeValueAtRisk(
  prepared: PreparedState,
  history: RiskHistory,
  question: RiskQuestion,
): Steps<ValueAtRisk | null> {
  checkRiskQuestion(question);
  const underlyingIds = movingUnderlyings(prepared);
  if (underlyingIds.length === 0) return null;
  const returns = alignReturns({ ...history, underlyingIds, asOf: prepared.portfolio.asOf });
  const profits = splitByUnderlying(prepared).map((part) => preparePartProfit(part, question.agingDays));
  yield;
  const daily = factorCovariance(returns.columns, question.decay);
  const estimate = yield* estimateBy(profits, { returns, daily }, question);
  const size = underlyingIds.length;
  return {
    ...estimate,
    warnings: [...returns.warnings, ...estimate.warnings],
    window: {
      from: returns.from,
      to: returns.dates[returns.dates.length - 1] as string,
      returns: returns.dates.length,
    },
    factors: {
      underlyingIds,
      volatilities: underlyingIds.map((_, index) => Math.sqrt(tradingDays * (daily[index * size + index] as number))),
      correlations: [...correlationsOf(daily, size)],
    },
  };
}

function estimateBy(
  profits: Parameters<typeof historicalRisk>[0],
  { returns, daily }: { readonly returns: Parameters<typeof historicalRisk>[1]; readonly daily: Float64Array },
  question: RiskQuestion,
): Steps<RiskEstimate> {
  if (question.method === 'HISTORICAL' || question.method === 'FILTERED_HISTORICAL')
    return historicalRisk(profits, returns, question);
  const covariance = daily.map((value) => value * question.horizonDays);
  return question.method === 'DELTA_GAMMA'
    ? deltaGammaRisk(profits, covariance, question)
    : monteCarloRisk(profits, covariance, question);
}
