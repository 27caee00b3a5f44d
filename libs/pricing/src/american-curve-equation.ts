/**
 * The collocation equations of one exercise curve: smooth pasting at every grid time, and their derivatives in the
 * unknowns.
 *
 * With strike 1, b = ln B(τ), b' = ln B(τ − s), d∓ = (b − b')/(σ√s) + ((r − q)/σ ∓ σ/2)√s, the condition ∂V/∂S = −1 on
 * the boundary, times B(τ), reads
 *   B e^(−qτ)Φ(d+(τ, B)) + ∫ q B e^(−qs)Φ(d+) ds − ∫ e^(−rs)φ(d−)(r − q B(τ − s))/(σ√s) ds = 0,
 * the equation behind the fixed point "FP-A" of Andersen, Lake and Offengenden, "High-performance American option
 * pricing", J. Computational Finance 20 (2016). Above an upper exercise region (Andersen and Lake, "Fast American option
 * pricing: the double-boundary case", 2021) the first term is absent and Φ(d+) becomes −Φ(−d+).
 */
import type { BoundaryGrid } from './american-boundary-grid';
import type { CurveProblem, CurveSide, CurveSystem } from './american-curve-system';
import type { PutProblem } from './american-put-problem';
import { exp, relativeChange } from './exponential';
import { millsRatio } from './mills-ratio';

/**
 * Fills the residual, and the terms its derivatives are made of, at the squares H of the log distances from the curve's
 * limit.
 *
 * @param squares  H at the grid's times, all > 0
 * @param system   `prepareCurveSystem` of the problem and the grid
 */
export function assembleResidual(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  system: CurveSystem,
): void {
  interpolateSquares(grid, squares, system.square);
  for (let i = 0; i < grid.order; i++) assembleRow(problem, grid, squares[i]!, i, system);
}

/** Fills ∂residual/∂H at the squares of the last `assembleResidual`. */
export function assembleJacobian(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  system: CurveSystem,
): void {
  const { order, quadrature, interpolation } = grid;
  const { jacobian, bySquare, byLevel } = system;
  for (let i = 0; i < order; i++) {
    const first = i * quadrature;
    for (let j = 0; j < order; j += 4) {
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let n = first; n < first + quadrature; n++) {
        const factor = bySquare[n]!;
        const at = n * order + j;
        sum0 += factor * interpolation[at]!;
        sum1 += factor * interpolation[at + 1]!;
        sum2 += factor * interpolation[at + 2]!;
        sum3 += factor * interpolation[at + 3]!;
      }
      const at = i * order + j;
      jacobian[at] = sum0;
      jacobian[at + 1] = sum1;
      jacobian[at + 2] = sum2;
      jacobian[at + 3] = sum3;
    }
    jacobian[i * order + i] = jacobian[i * order + i]! - (problem.side * byLevel[i]!) / (2 * Math.sqrt(squares[i]!));
  }
}

/** H at every quadrature point; four sums at a time, as a grid's order is a multiple of four. */
function interpolateSquares(grid: BoundaryGrid, squares: Float64Array, out: Float64Array): void {
  const { order, interpolation } = grid;
  for (let n = 0, at = 0; n < out.length; n++) {
    let sum0 = 0;
    let sum1 = 0;
    let sum2 = 0;
    let sum3 = 0;
    for (let j = 0; j < order; j += 4, at += 4) {
      sum0 += interpolation[at]! * squares[j]!;
      sum1 += interpolation[at + 1]! * squares[j + 1]!;
      sum2 += interpolation[at + 2]! * squares[j + 2]!;
      sum3 += interpolation[at + 3]! * squares[j + 3]!;
    }
    out[n] = sum0 + sum1 + (sum2 + sum3);
  }
}

function assembleRow(
  problem: CurveProblem,
  grid: BoundaryGrid,
  ownSquare: number,
  i: number,
  system: CurveSystem,
): void {
  const { side, lnLimit } = problem;
  const { dividendYield, volatility } = problem.put;
  const { root, perDeviation, drift, rateWeight, yieldWeight, square } = system;
  const { d2, earlier, perSpread, gain, bySquare } = system;
  const limit = curveLimit(problem);
  const distance = Math.sqrt(ownSquare);
  const logLevel = lnLimit - side * distance;
  const level = exp(logLevel);
  const end = terminalTerms(problem, problem.horizon * grid.roots[i]! * grid.roots[i]!, logLevel, level);
  let residual = end.mass;
  let byLevel = end.mass + end.density;
  const first = i * grid.quadrature;
  for (let n = first; n < first + grid.quadrature; n++) {
    const inside = square[n]! > SMALLEST_SQUARE;
    const earlierDistance = inside ? Math.sqrt(square[n]!) : SMALLEST_DISTANCE;
    const change = relativeChange(-side * earlierDistance);
    const before = limit.level * (1 + change);
    const inverse = perDeviation[n]!;
    const d = side * (earlierDistance - distance) * inverse + drift[n]!;
    const density = rateWeight[n]! * exp(-0.5 * d * d);
    const gained = density * (limit.gain - limit.loss * change);
    const slide = gained * d * inverse;
    residual -= gained;
    byLevel += slide;
    if (dividendYield !== 0) {
      const spread = volatility * root[n]!;
      const earned = density * before;
      const part = exercisedMass(side, d + spread, yieldWeight[n]! * level, earned * spread);
      residual += dividendYield * part;
      byLevel += dividendYield * (part + earned);
    }
    d2[n] = d;
    earlier[n] = before;
    perSpread[n] = density;
    gain[n] = gained;
    bySquare[n] = inside ? (side * slide) / (2 * earlierDistance) : 0;
  }
  system.residual[i] = residual;
  system.byLevel[i] = byLevel;
}

/** A curve just before expiry. */
export interface CurveLimit {
  /** The curve per strike. */
  readonly level: number;
  /** r − qB there. */
  readonly gain: number;
  /** r − qB = gain − loss·(B/level − 1), without cancellation where B starts at r/q. */
  readonly loss: number;
}

/** Computes the limit of a curve; lnLimit is 0 or ln(r/q). */
export function curveLimit(problem: { readonly put: PutProblem; readonly lnLimit: number }): CurveLimit {
  const { rate, dividendYield } = problem.put;
  if (problem.lnLimit === 0) return { level: 1, gain: rate - dividendYield, loss: dividendYield };
  return { level: rate / dividendYield, gain: 0, loss: rate };
}

/** B e^(−qτ)Φ(d+(τ, B)), the matching density over σ√τ, and d−; zero above an upper exercise region. */
export function terminalTerms(problem: CurveProblem, years: number, logLevel: number, level: number) {
  const { rate, dividendYield, volatility } = problem.put;
  if (problem.side < 0) return { mass: 0, density: 0, d2: 0 };
  const spread = volatility * Math.sqrt(years);
  const d1 = (logLevel + (rate - dividendYield) * years) / spread + 0.5 * spread;
  const forward = level * exp(-dividendYield * years);
  const density = forward * INVERSE_SQRT_TWO_PI * exp(-0.5 * d1 * d1);
  return { mass: exercisedMass(1, d1, forward, density), density: density / spread, d2: d1 - spread };
}

/** amount·Φ(d) below the curve, −amount·Φ(−d) above it, given amount·φ(d). */
export function exercisedMass(side: CurveSide, d: number, amount: number, density: number): number {
  const tail = density * millsRatio(Math.abs(d));
  if (side > 0) return d < 0 ? tail : amount - tail;
  return d > 0 ? -tail : tail - amount;
}

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const SMALLEST_SQUARE = 1e-200;
const SMALLEST_DISTANCE = 1e-100;
