/**
 * A first guess of an exercise curve, close enough for Newton's method.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import type { CurveProblem } from './american-curve-equation';
import type { PutProblem } from './american-put-problem';
import { log } from './logarithm';
import { quadraticCriticalLog, quadraticPower } from './quadratic-critical-price';

/**
 * Guesses the squares of the log distances of a curve from its limit at the grid's times.
 *
 * Below: the critical price of the quadratic approximation (Barone-Adesi and Whaley 1987), whose distance is 1.04 to
 * 1.07 times too short while q ≤ r and 0.9 times too long for q well above r; there the perpetual boundary caps it. Above: the square-root law
 * near expiry, distance 0.6388·σ√τ (Evans, Kuske and Keller 2002).
 */
export function guessSquares(problem: CurveProblem, grid: BoundaryGrid): Float64Array {
  const { put, side, lnLimit, horizon } = problem;
  const squares = new Float64Array(grid.order);
  const cap = side > 0 && lnLimit < 0 ? lnLimit - log(perpetualBoundary(put)) : Infinity;
  let perDeviation = FIRST_DISTANCE;
  for (let i = 0; i < grid.order; i++) {
    const root = Math.sqrt(horizon) * grid.roots[i]!;
    const deviation = put.volatility * root;
    let distance = SQUARE_ROOT_LAW * deviation;
    if (side > 0) {
      const terms = { ...put, right: 'put', yearsToExpiry: root * root } as const;
      const start = lnLimit - perDeviation * deviation;
      const level = quadraticCriticalLog(terms, quadraticPower(terms).value, GUESS_TOLERANCE, start);
      distance = Math.max(lnLimit - level, SMALLEST_DISTANCE * deviation);
      perDeviation = distance / deviation;
      const ratio = distance / cap;
      distance *= put.dividendYield > STEEP * put.rate ? STEEP_RATIO : FLAT_RATIO;
      distance /= Math.sqrt(Math.sqrt(1 + ratio * ratio * ratio * ratio));
    }
    squares[i] = distance * distance;
  }
  return squares;
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
