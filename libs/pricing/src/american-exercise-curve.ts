/**
 * One solved exercise curve and the Newton iteration that solves it.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import { chebyshevCoefficients, chebyshevSum } from './chebyshev';
import { assembleJacobian, assembleResidual } from './american-curve-equation';
import { guessSquares } from './american-curve-guess';
import { assemblePartials } from './american-curve-partials';
import {
  prepareCurveSystem,
  type CurvePartials,
  type CurveProblem,
  type CurveSide,
  type CurveSystem,
} from './american-curve-system';
import type { PremiumPanel } from './american-premium-panel';
import { factorise, solveFactorised } from './linear-system';

/** An exercise curve b(u) = ln(boundary/strike) at time to expiry u, and its derivatives in the parameters. */
export interface ExerciseCurve {
  readonly side: CurveSide;
  /** Time to expiry beyond which the curve stands still [year]. */
  readonly horizon: number;
  /** b(0+). */
  readonly lnLimit: number;
  /** Chebyshev coefficients in 2√(u/horizon) − 1 of H = (lnLimit − b)². */
  readonly squares: Float64Array;
  /** The same of ∂H/∂σ, ∂H/∂r, ∂H/∂q; null when they were not asked for. */
  readonly slopes: CurveSlopes | null;
  /** Terms of the premium integral computed so far; kept for speed, they change no value. */
  readonly panels: PremiumPanel[];
}

/** Chebyshev coefficients of the derivatives of H. */
export interface CurveSlopes {
  readonly volatility: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
}

/** Position of the curve: b(u). */
export function curveLogLevel(curve: ExerciseCurve, u: number): number {
  const root = u < curve.horizon ? Math.sqrt(u / curve.horizon) : 1;
  return curve.lnLimit - curve.side * Math.sqrt(Math.max(0, chebyshevSum(curve.squares, 2 * root - 1)));
}

/**
 * Solves the collocation equations of a curve.
 *
 * Newton's method with the exact Jacobian on the smooth-pasting equation. The unknowns may at most halve or double
 * per step; a step below the tolerance is the last.
 *
 * @param tolerance   largest relative change of a distance in the last step; the error left is of its square
 * @param withSlopes  whether to differentiate the solution in σ, r and q
 * @returns null when the iteration does not settle or the solution cannot be differentiated
 */
export function solveCurve(
  problem: CurveProblem,
  grid: BoundaryGrid,
  tolerance: number,
  withSlopes: boolean,
): ExerciseCurve | null {
  const squares = guessSquares(problem, grid);
  const system = prepareCurveSystem(problem, grid);
  if (!settle(problem, grid, tolerance, squares, system)) return null;
  const coefficients = (values: Float64Array) => chebyshevCoefficients(grid.points, values);
  const { side, horizon, lnLimit, put } = problem;
  const curve = { side, horizon, lnLimit, squares: coefficients(squares), panels: [] };
  if (!withSlopes) return { ...curve, slopes: null };
  const { volatility, rate, dividendYield } = solvePartials(problem, grid, squares, system);
  const wild = volatility.some((slope, i) => !(Math.abs(slope) * put.volatility < WILD * squares[i]!));
  if (wild) return null;
  const slopes = {
    volatility: coefficients(volatility),
    rate: coefficients(rate),
    dividendYield: coefficients(dividendYield),
  };
  return { ...curve, slopes };
}

/** Moves the squares to the solution; returns whether they settled. */
function settle(
  problem: CurveProblem,
  grid: BoundaryGrid,
  tolerance: number,
  squares: Float64Array,
  system: CurveSystem,
): boolean {
  const { residual, jacobian, pivots } = system;
  for (let step = 0; step < NEWTON_STEPS; step++) {
    assembleResidual(problem, grid, squares, system);
    assembleJacobian(problem, grid, squares, system);
    factorise(jacobian, grid.order, pivots);
    solveFactorised(jacobian, grid.order, pivots, residual);
    const change = advance(squares, residual);
    if (!(change < Infinity)) return false;
    if (change < tolerance) return true;
  }
  return false;
}

/** Applies a Newton step and returns the largest relative change of a distance √H. */
function advance(squares: Float64Array, step: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < squares.length; i++) {
    const square = squares[i]!;
    const next = Math.min(Math.max(square - step[i]!, square / LARGEST_FACTOR), square * LARGEST_FACTOR);
    const change = Math.abs(Math.sqrt(next / square) - 1);
    if (!(change <= largest)) largest = change === change ? change : Infinity;
    squares[i] = next;
  }
  return largest;
}

/** Implicit differentiation: dH/dp = −(∂R/∂H)⁻¹ ∂R/∂p at the grid's times. */
function solvePartials(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  system: CurveSystem,
): CurvePartials {
  assembleResidual(problem, grid, squares, system);
  assembleJacobian(problem, grid, squares, system);
  assemblePartials(problem, grid, squares, system);
  factorise(system.jacobian, grid.order, system.pivots);
  const slope = (partial: Float64Array) => {
    solveFactorised(system.jacobian, grid.order, system.pivots, partial);
    return partial.map((value) => -value);
  };
  const { volatility, rate, dividendYield } = system.partials;
  return { volatility: slope(volatility), rate: slope(rate), dividendYield: slope(dividendYield) };
}

const NEWTON_STEPS = 30;
const LARGEST_FACTOR = 2;
/** A distance moves about in proportion to the volatility; a twelvefold answer is a singular system. */
const WILD = 12;
