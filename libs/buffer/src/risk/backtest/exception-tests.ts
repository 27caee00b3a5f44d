import { erfc, exp, log } from '@ballast/pricing';
import { binomialCumulative } from '../statistics/order-statistic-interval';

/** Light by the cumulative probability of so many exceptions under a true model (Basel Committee 1996, 95 % and 99.99 %). */
export type TrafficLight = 'GREEN' | 'YELLOW' | 'RED';

/** How a series of exceptions stands against the probability a requirement claims. */
export interface ExceptionTests {
  readonly observations: number;
  readonly exceptions: number;
  /** Share of days without an exception. */
  readonly coverage: number;
  /** Kupiec's unconditional coverage: statistic, ~ χ²(1). */
  readonly unconditional: number;
  readonly unconditionalP: number;
  /** Christoffersen's independence: statistic, ~ χ²(1). */
  readonly independence: number;
  readonly independenceP: number;
  /** Both together, ~ χ²(2). */
  readonly conditional: number;
  readonly conditionalP: number;
  readonly light: TrafficLight;
}

/** Days by exception on the day and on the day before. */
export interface TransitionCounts {
  readonly n00: number;
  readonly n01: number;
  readonly n10: number;
  readonly n11: number;
}

/**
 * Kupiec's likelihood ratio −2 ln[(1−p)^(n−x) p^x / ((1−x/n)^(n−x) (x/n)^x)] (P. Kupiec, "Techniques for verifying the
 * accuracy of risk measurement models", Journal of Derivatives 3 (1995) 73–84); 0·ln 0 = 0.
 */
export function kupiecStatistic(input: {
  readonly observations: number;
  readonly exceptions: number;
  /** Probability of an exception that is claimed, 0 < p < 1. */
  readonly probability: number;
}): number {
  const { observations: n, exceptions: x, probability: p } = input;
  const claimed = weighted(n - x, 1 - p) + weighted(x, p);
  const found = weighted(n - x, 1 - x / n) + weighted(x, x / n);
  return Math.max(0, 2 * (found - claimed));
}

/**
 * Christoffersen's likelihood ratio of exceptions that follow one another against independent ones (P. Christoffersen,
 * "Evaluating interval forecasts", International Economic Review 39 (1998) 841–862); 0·ln 0 = 0.
 */
export function independenceStatistic({ n00, n01, n10, n11 }: TransitionCounts): number {
  const total = n00 + n01 + n10 + n11;
  const all = (n01 + n11) / total;
  const [afterNone, afterOne] = [ratio(n01, n00 + n01), ratio(n11, n10 + n11)];
  const together = weighted(n00 + n10, 1 - all) + weighted(n01 + n11, all);
  const apart =
    weighted(n00, 1 - afterNone) + weighted(n01, afterNone) + weighted(n10, 1 - afterOne) + weighted(n11, afterOne);
  return Math.max(0, 2 * (apart - together));
}

/** Counts how exceptions follow one another. @param exceptions  1 or true = exception, oldest first */
export function transitionCounts(exceptions: ArrayLike<number | boolean>): TransitionCounts {
  const counts = [0, 0, 0, 0];
  for (let day = 1; day < exceptions.length; day += 1) {
    const place = (exceptions[day - 1] ? 2 : 0) + (exceptions[day] ? 1 : 0);
    counts[place] = (counts[place] as number) + 1;
  }
  const [n00 = 0, n01 = 0, n10 = 0, n11 = 0] = counts;
  return { n00, n01, n10, n11 };
}

/**
 * Tests a series of exceptions.
 *
 * @param probability  of an exception that the requirement claims, 0.01 for 99 %
 */
export function testExceptions(exceptions: ArrayLike<number | boolean>, probability: number): ExceptionTests {
  const observations = exceptions.length;
  let count = 0;
  for (let day = 0; day < observations; day += 1) if (exceptions[day]) count += 1;
  const unconditional = kupiecStatistic({ observations, exceptions: count, probability });
  const independence = independenceStatistic(transitionCounts(exceptions));
  const conditional = unconditional + independence;
  return {
    observations,
    exceptions: count,
    coverage: 1 - count / observations,
    unconditional,
    unconditionalP: erfc(Math.sqrt(unconditional / 2)),
    independence,
    independenceP: erfc(Math.sqrt(independence / 2)),
    conditional,
    conditionalP: exp(-conditional / 2),
    light: trafficLight({ observations, exceptions: count, probability }),
  };
}

/** Yellow from the number of exceptions whose cumulative probability reaches 95 %, red from 99.99 %. */
export function trafficLight(input: {
  readonly observations: number;
  readonly exceptions: number;
  readonly probability: number;
}): TrafficLight {
  const cumulative = binomialCumulative(input.observations, input.probability)[input.exceptions] as number;
  return cumulative >= 0.9999 ? 'RED' : cumulative >= 0.95 ? 'YELLOW' : 'GREEN';
}

function weighted(count: number, probability: number): number {
  return count === 0 ? 0 : count * log(probability);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
