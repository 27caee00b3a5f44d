import { exp, log } from '@ballast/pricing';

/** Two order statistics, counted from 0 in ascending order, between which a quantile lies. */
export interface OrderStatisticInterval {
  readonly lower: number;
  readonly upper: number;
  /** Probability that the interval covers the quantile of a continuous distribution. */
  readonly coverage: number;
}

/**
 * Finds the distribution-free confidence interval of a quantile: the number of independent losses at or below it is
 * binomial (W. Conover, Practical Nonparametric Statistics, 1999, §3.2).
 *
 * @param count       observations ≥ 1
 * @param confidence  of the quantile, 0 … 1
 * @param coverage    wanted probability, for example 0.95
 */
export function orderStatisticInterval(input: {
  readonly count: number;
  readonly confidence: number;
  readonly coverage: number;
}): OrderStatisticInterval {
  const { count, confidence, coverage } = input;
  const tail = (1 - coverage) / 2;
  const cumulative = binomialCumulative(count, confidence);
  let lower = 0;
  while (lower + 1 < count && (cumulative[lower + 1] as number) <= tail) lower += 1;
  let upper = lower;
  while (upper + 1 < count && (cumulative[upper] as number) < 1 - tail) upper += 1;
  return { lower, upper, coverage: (cumulative[upper] as number) - (cumulative[lower] as number) };
}

/**
 * Cumulative probabilities P(X ≤ 0), …, P(X ≤ n) of a binomial number of successes.
 *
 * @param count        trials ≥ 0
 * @param probability  of success, 0 < p < 1
 */
export function binomialCumulative(count: number, probability: number): Float64Array {
  const result = new Float64Array(count + 1);
  const odds = log(probability) - log(1 - probability);
  let logMass = count * log(1 - probability);
  let sum = 0;
  for (let successes = 0; successes <= count; successes += 1) {
    sum += exp(logMass);
    result[successes] = Math.min(1, sum);
    logMass += log((count - successes) / (successes + 1)) + odds;
  }
  return result;
}
