/**
 * A first guess of an exercise curve, close enough for Newton's method.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import type { CurveProblem } from './american-curve-system';
import type { PutProblem } from './american-put-problem';
import { exp, relativeChange } from './exponential';
import { log } from './logarithm';
import { millsRatio } from './mills-ratio';

/**
 * Guesses the squares of the log distances of a curve from its limit at the grid's times.
 *
 * Below: the critical price of the quadratic approximation (Barone-Adesi and Whaley 1987), whose distance is 1.04 to
 * 1.07 times too short while q ≤ r and 0.9 times too long for q well above r; there the perpetual boundary caps it.
 * Above: the square-root law near expiry, distance 0.6388·σ√τ (Evans, Kuske and Keller 2002).
 */
export function guessSquares(problem: CurveProblem, grid: BoundaryGrid): Float64Array {
  const { put, side, lnLimit, horizon } = problem;
  const squares = new Float64Array(grid.order);
  const cap = side > 0 && lnLimit < 0 ? lnLimit - log(perpetualBoundary(put)) : Infinity;
  const ratio = put.dividendYield > STEEP * put.rate ? STEEP_RATIO : FLAT_RATIO;
  let perDeviation = FIRST_DISTANCE;
  for (let i = 0; i < grid.order; i++) {
    const root = Math.sqrt(horizon) * grid.roots[i]!;
    const deviation = put.volatility * root;
    let distance = SQUARE_ROOT_LAW * deviation;
    if (side > 0) {
      const level = quadraticLevel(put, root * root, deviation, lnLimit - perDeviation * deviation);
      distance = Math.max(lnLimit - level, SMALLEST_DISTANCE * deviation);
      perDeviation = distance / deviation;
      const share = distance / cap;
      distance *= ratio / Math.sqrt(Math.sqrt(1 + share * share * share * share));
    }
    squares[i] = distance * distance;
  }
  return squares;
}

/**
 * ln of the put's critical price per strike in the quadratic approximation, good to a thousandth of a deviation:
 * Newton's method between bounds on 1 − S − V(S) + (1 − e^(−qτ)Φ(−d1))·S/γ, with γ as in `quadraticPower`.
 */
function quadraticLevel(put: PutProblem, years: number, deviation: number, start: number): number {
  const { rate, dividendYield } = put;
  const lostDiscount = -relativeChange(-rate * years);
  const lostGrowth = -relativeChange(-dividendYield * years);
  const discount = 1 - lostDiscount;
  const growth = 1 - lostGrowth;
  const drift = (rate - dividendYield) * years;
  const variance = deviation * deviation;
  const lapse = rate * years < SMALL ? 1 + 0.5 * rate * years : (rate * years) / lostDiscount;
  const slant = 0.5 - drift / variance;
  const power = slant - Math.sqrt(slant * slant + (2 * lapse) / variance);
  const factor = 1 - 1 / power;
  let inner = 0;
  let outer = -Infinity;
  let x = start;
  for (let step = 0; step < GUESS_STEPS; step++) {
    const d1 = (x + drift) / deviation + 0.5 * deviation;
    const d2 = d1 - deviation;
    const level = exp(x);
    const density = level * growth * INVERSE_SQRT_TWO_PI * exp(-0.5 * d1 * d1);
    const tail1 = density * millsRatio(Math.abs(d1));
    const tail2 = density * millsRatio(Math.abs(d2));
    const lost = level * lostGrowth + (d1 < 0 ? tail1 : level * growth - tail1);
    const value = lostDiscount + (d2 < 0 ? tail2 : discount - tail2) - lost * factor;
    const slope = density / (power * deviation) - lost * factor;
    if (value < 0) inner = x;
    else outer = x;
    const next = x - value / slope;
    if (Math.abs(next - x) < GUESS_TOLERANCE * deviation) return next;
    if (next < inner && next > outer) x = next;
    else x = outer === -Infinity ? x - 2 * deviation : 0.5 * (inner + outer);
  }
  return x;
}

/** Perpetual exercise boundary per strike, γ/(γ − 1) with γ the negative root of ½σ²γ(γ − 1) + (r − q)γ − r = 0. */
function perpetualBoundary(put: PutProblem): number {
  const variance = put.volatility * put.volatility;
  const slope = (2 * (put.rate - put.dividendYield)) / variance - 1;
  const root = Math.sqrt(slope * slope + (8 * put.rate) / variance);
  const gamma = slope < 0 ? (-4 * put.rate) / variance / (root - slope) : -0.5 * (slope + root);
  return gamma / (gamma - 1);
}

const SQUARE_ROOT_LAW = 0.6388;
const FIRST_DISTANCE = 1;
const STEEP = 1.5;
const STEEP_RATIO = 0.903;
const FLAT_RATIO = 1.06;
const SMALLEST_DISTANCE = 1e-3;
const GUESS_TOLERANCE = 1e-3;
const GUESS_STEPS = 100;
const SMALL = 1e-6;
const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
