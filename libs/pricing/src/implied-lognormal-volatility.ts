/**
 * The total volatility s = σ√T that a normalised price implies under a lognormal model.
 *
 * P. Jäckel, "Let's Be Rational" (2015), section 5: fourth-order Householder steps on an objective chosen by branch,
 * 1/ln c below, c itself in the middle and ln(1 − c) above, so that one or two steps reach the accuracy of the data.
 */
import { guessLognormalDeviation, logOfPrice, type NormalisedPrice } from './implied-lognormal-guess';
import { log } from './logarithm';
import { isSeriesRange, millsDifference } from './mills-difference';
import { millsRatio } from './mills-ratio';
import { normalDensity } from './normal-distribution';

/** Solves Φ(x/s + s/2) − e^(−x)·Φ(x/s − s/2) = c for s > 0, given 0 < c < 1. */
export function solveLognormalDeviation(target: NormalisedPrice): number {
  const { deviation: guess, branch } = guessLognormalDeviation(target);
  const logPrice = branch === 'lower' ? logOfPrice(target) : 0;
  let s = guess;
  for (let iteration = 0; iteration < MOST_STEPS; iteration++) {
    let step;
    if (branch === 'middle') step = middleStep(target, s);
    else step = branch === 'lower' ? lowerStep(target, logPrice, s) : upperStep(target, s);
    s = s + step > 0.5 * s ? s + step : 0.5 * s;
    if (step < CONVERGED * s && step > -CONVERGED * s) break;
  }
  return s;
}

/** The step on 1/ln c, where c is far below its value at the inflexion point; the density cancels from c/c′. */
function lowerStep(target: NormalisedPrice, logTarget: number, s: number): number {
  const h = target.x / s;
  const t = 0.5 * s;
  const z = h + t;
  const difference = millsDifference(h, t);
  // ln c₀ − ln c from the ratio: where s is tiny both logarithms are large, but the prices are not far out.
  const excess =
    target.price > 1e-290
      ? log(target.price / (normalDensity(z) * difference))
      : logTarget - (log(difference) - 0.5 * z * z - LN_SQRT_TWO_PI);
  const logPrice = logTarget - excess;
  const slope = 1 / difference;
  const h2 = (z * (h - t)) / s;
  const h3 = h2 * h2 - (3 * h * h) / (s * s) - 0.25;
  const newton = (excess * logPrice) / (logTarget * slope);
  const inverse = 1 / logPrice;
  const second = h2 - slope * (1 + 2 * inverse);
  const third = h3 + 2 * slope * slope * (1 + 3 * inverse * (1 + inverse)) - 3 * h2 * slope * (1 + 2 * inverse);
  return householderStep(newton, second, third);
}

/** The step on c. */
function middleStep(target: NormalisedPrice, s: number): number {
  const h = target.x / s;
  const t = 0.5 * s;
  const z = h + t;
  const density = normalDensity(z);
  const h2 = (z * (h - t)) / s;
  const h3 = h2 * h2 - (3 * h * h) / (s * s) - 0.25;
  const excess =
    z <= 0 || isSeriesRange(h, t)
      ? target.price - density * millsDifference(h, t)
      : density * (millsRatio(z) + millsRatio(t - h)) - target.complement;
  return householderStep(excess / density, h2, h3);
}

/** The step on ln(1 − c), where c is near its supremum; the density cancels from c′/(1 − c). */
function upperStep(target: NormalisedPrice, s: number): number {
  const h = target.x / s;
  const t = 0.5 * s;
  const z = h + t;
  const sum = millsRatio(z) + millsRatio(t - h);
  const h2 = (z * (h - t)) / s;
  const h3 = h2 * h2 - (3 * h * h) / (s * s) - 0.25;
  const slope = 1 / sum;
  const newton = (log(sum / target.complement) - 0.5 * z * z - LN_SQRT_TWO_PI) * sum;
  return householderStep(newton, h2 + slope, h3 + 2 * slope * slope + 3 * h2 * slope);
}

/** Householder's step of convergence order 4 from the Newton step −g/g′ and the ratios g″/g′ and g‴/g′. */
export function householderStep(newton: number, second: number, third: number): number {
  const step = (newton * (1 + 0.5 * second * newton)) / (1 + newton * (second + (third * newton) / 6));
  // Far from the root the correction may turn the step round; Newton's own direction is right there.
  return step * newton > 0 ? step : newton;
}

const MOST_STEPS = 8;
/** After a step this small, relative to s, a step of order 4 has nothing left to correct. */
const CONVERGED = 1e-5;
const LN_SQRT_TWO_PI = 0.9189385332046728;
