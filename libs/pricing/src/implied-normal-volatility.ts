/**
 * The total volatility s = σ√T that a price implies under the normal model, in units of the distance |F − K|.
 *
 * After P. Jäckel, "Implied normal volatility" (Wilmott, 2017): the price over the distance, q = φ(u)·L(u)/u with
 * u = |F − K|/s, has one inverse, approximated by rational functions and polished with fourth-order Householder steps.
 * The rational functions are our own fits (interpolation at Chebyshev nodes in 50-digit arithmetic, error 5e-5).
 */
import { householderStep } from './implied-lognormal-volatility';
import { log } from './logarithm';
import { unitLossRatio } from './mills-ratio';
import { normalDensity } from './normal-distribution';

/**
 * Solves w·φ(1/w)·L(1/w) = q for w = s/|F − K| > 0.
 *
 * @param quotient     q, out-of-the-money price over |F − K|, > 0; may have underflowed to 0
 * @param logQuotient  ln q, which has not
 */
export function solveNormalDeviation(quotient: number, logQuotient: number): number {
  const isFar = quotient < FAR_LIMIT;
  let w = 1 / (isFar ? guessFar(Math.sqrt(-logQuotient)) : guessNear(1 / (1 + 2 * quotient)));
  for (let iteration = 0; iteration < MOST_STEPS; iteration++) {
    const step = isFar ? farStep(logQuotient, w) : nearStep(quotient, w);
    w = w + step > 0.5 * w ? w + step : 0.5 * w;
    if (step < CONVERGED * w && step > -CONVERGED * w) break;
  }
  return w;
}

/** The step on q: q′ = φ(u), q″/q′ = u³, q‴/q′ = u⁶ − 3u⁴, all by w = 1/u. */
function nearStep(quotient: number, w: number): number {
  const u = 1 / w;
  const density = normalDensity(u);
  const cube = u * u * u;
  return householderStep(quotient / density - w * unitLossRatio(u), cube, cube * cube - 3 * cube * u);
}

/** The step on 1/ln q; the density cancels from q/q′ = w·L(u). */
function farStep(logTarget: number, w: number): number {
  const u = 1 / w;
  const scaled = w * unitLossRatio(u);
  const logQuotient = log(scaled) - 0.5 * u * u - LN_SQRT_TWO_PI;
  const slope = 1 / scaled;
  const h2 = u * u * u;
  const h3 = h2 * h2 - 3 * h2 * u;
  const newton = ((logTarget - logQuotient) * logQuotient * scaled) / logTarget;
  const inverse = 1 / logQuotient;
  const second = h2 - slope * (1 + 2 * inverse);
  const third = h3 + 2 * slope * slope * (1 + 3 * inverse * (1 + inverse)) - 3 * h2 * slope * (1 + 2 * inverse);
  return householderStep(newton, second, third);
}

/** u as a function of y = 1/(1 + 2q), for u ≤ 1. */
function guessNear(y: number): number {
  const numerator =
    0.797884636480464 + y * (-0.6705605841708159 + y * (-0.20642880448173465 + y * 0.14819839719421643));
  const denominator = 1 + y * (-0.8404127514309743 + y * (-0.5771728217563857 + y * 0.45361067716656034));
  return (y * numerator) / denominator;
}

/** u as a function of r = √(−ln q), for u ≥ 1. */
function guessFar(r: number): number {
  if (r < 6) {
    const numerator =
      -0.6557221326639222 +
      r * (2.0225134217626004 + r * (-1.4700210796020434 + r * (0.4063621499337537 + r * 0.14652267662878585)));
    const denominator = 1 + r * (-0.48107398502440063 + r * (0.2933417299377137 + r * 0.10358334852139381));
    return numerator / denominator;
  }
  const numerator =
    -2.9957801376779374 +
    r * (2.1909920641778426 + r * (0.3503553001837177 + r * (-0.2316014200153735 + r * -0.012101523344047073)));
  const denominator = 1 + r * (0.18419983942946827 + r * (-0.1639324628051937 + r * -0.008556501133731185));
  return numerator / denominator;
}

/** q at u = 1. */
const FAR_LIMIT = 0.083315470587686298;
const MOST_STEPS = 6;
const CONVERGED = 2e-5;
const LN_SQRT_TWO_PI = 0.9189385332046728;
