/**
 * The collocation equations of one exercise curve: smooth pasting at every grid time, its derivatives in the unknowns
 * and in volatility, rate and dividend yield.
 *
 * With strike 1, b = ln B(τ), b' = ln B(τ − s), d∓ = (b − b')/(σ√s) + ((r − q)/σ ∓ σ/2)√s, the condition ∂V/∂S = −1 on
 * the boundary, times B(τ), reads
 *   B e^(−qτ)Φ(d+(τ, B)) + ∫ q B e^(−qs)Φ(d+) ds − ∫ e^(−rs)φ(d−)(r − q B(τ − s))/(σ√s) ds = 0,
 * the equation behind the fixed point "FP-A" of Andersen, Lake and Offengenden, "High-performance American option
 * pricing", J. Computational Finance 20 (2016). Above an upper exercise region (Andersen and Lake, "Fast American option
 * pricing: the double-boundary case", 2021) the first term is absent and Φ(d+) becomes −Φ(−d+).
 */
import type { BoundaryGrid } from './american-boundary-grid';
import type { PutProblem } from './american-put-problem';
import { exp, expm1 } from './exponential';
import { millsRatio } from './mills-ratio';

/** Which side of the curve is exercised: 1 below it (every put), −1 above it (lower curve of the double boundary). */
export type CurveSide = 1 | -1;

/** The unknown curve: b(τ) = lnLimit − side·√H(√(τ/horizon)), H interpolated on the grid. */
export interface CurveProblem {
  readonly put: PutProblem;
  readonly side: CurveSide;
  /** ln of the curve just before expiry, per strike. */
  readonly lnLimit: number;
  /** Time to expiry of the first grid point [year]. */
  readonly horizon: number;
}

/** Residuals and derivatives; the arrays are overwritten by `assembleCurve`. */
export interface CurveSystem {
  readonly residual: Float64Array;
  /** ∂residual/∂H, order × order. */
  readonly jacobian: Float64Array;
  /** ∂residual/∂σ, ∂r and ∂q at fixed H, when asked for. */
  readonly partials: CurvePartials | null;
  /** Integrand of the row at hand. */
  readonly row: RowTerms;
}

/** Terms of the integrand at every quadrature point of one row. */
interface RowTerms {
  /** d−. */
  readonly d2: Float64Array;
  /** B(τ − s). */
  readonly earlier: Float64Array;
  /** e^(−rs)φ(d−)/(σ√s) ds. */
  readonly perSpread: Float64Array;
  /** The same times r − q·B(τ − s). */
  readonly gain: Float64Array;
  /** B e^(−qs)Φ(d+) ds. */
  readonly mass: Float64Array;
}

/** One array of length `order` per parameter. */
export interface CurvePartials {
  readonly volatility: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
}

/** Allocates the arrays of a system. */
export function curveSystem(grid: BoundaryGrid, withPartials: boolean): CurveSystem {
  const { order, quadrature } = grid;
  const array = () => new Float64Array(order);
  const terms = () => new Float64Array(quadrature);
  return {
    residual: array(),
    jacobian: new Float64Array(order * order),
    partials: withPartials ? { volatility: array(), rate: array(), dividendYield: array() } : null,
    row: { d2: terms(), earlier: terms(), perSpread: terms(), gain: terms(), mass: terms() },
  };
}

/**
 * Fills the system at the squares H of the log distances from the curve's limit.
 *
 * @param squares  H at the grid's times, all > 0
 */
export function assembleCurve(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  out: CurveSystem,
): void {
  out.jacobian.fill(0);
  for (let i = 0; i < grid.order; i++) {
    assembleRow(problem, grid, squares, i, out);
    if (out.partials) assemblePartials(problem, grid, squares, i, out);
  }
}

function assembleRow(problem: CurveProblem, grid: BoundaryGrid, squares: Float64Array, i: number, out: CurveSystem) {
  const { side, lnLimit } = problem;
  const { rate, dividendYield, volatility } = problem.put;
  const { order, quadrature, sines, weights, interpolation } = grid;
  const { jacobian, row } = out;
  const years = problem.horizon * grid.roots[i]! * grid.roots[i]!;
  const rootYears = Math.sqrt(years);
  const distance = Math.sqrt(squares[i]!);
  const level = exp(lnLimit - side * distance);
  const drift = (rate - dividendYield) / volatility - 0.5 * volatility;
  const limit = curveLimit(problem);

  const end = terminalTerms(problem, years, lnLimit - side * distance, level);
  let residual = end.mass;
  let own = end.mass + end.density;
  for (let k = 0; k < quadrature; k++) {
    const at = (i * quadrature + k) * order;
    let square = 0;
    for (let j = 0; j < order; j++) square += interpolation[at + j]! * squares[j]!;
    const inside = square > SMALLEST_SQUARE;
    const earlierDistance = inside ? Math.sqrt(square) : SMALLEST_DISTANCE;
    const change = relativeChange(-side * earlierDistance);
    const earlier = limit.level * (1 + change);
    const root = rootYears * sines[k]!;
    const s = root * root;
    const spread = volatility * root;
    const weight = years * weights[k]!;
    const d2 = (side * (earlierDistance - distance)) / spread + drift * root;
    const d1 = d2 + spread;
    const density = weight * INVERSE_SQRT_TWO_PI * exp(-rate * s - 0.5 * d2 * d2);
    const perSpread = density / spread;
    const gain = perSpread * (limit.gain - limit.loss * change);
    const slide = (gain * d2) / spread;
    const mass = exercisedMass(side, d1, weight * level * exp(-dividendYield * s), earlier * density);
    residual += dividendYield * mass - gain;
    own += dividendYield * (mass + perSpread * earlier) + slide;
    row.d2[k] = d2;
    row.earlier[k] = earlier;
    row.perSpread[k] = perSpread;
    row.gain[k] = gain;
    row.mass[k] = mass;
    if (inside) {
      const factor = (side * slide) / (2 * earlierDistance);
      for (let j = 0; j < order; j++)
        jacobian[i * order + j] = jacobian[i * order + j]! + factor * interpolation[at + j]!;
    }
  }
  out.residual[i] = residual;
  jacobian[i * order + i] = jacobian[i * order + i]! - (side * own) / (2 * distance);
}

/** Derivatives of the row `assembleRow` has just filled. */
function assemblePartials(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  i: number,
  out: CurveSystem,
): void {
  const { side, lnLimit } = problem;
  const { rate, dividendYield, volatility } = problem.put;
  const { row, partials } = out;
  const years = problem.horizon * grid.roots[i]! * grid.roots[i]!;
  const rootYears = Math.sqrt(years);
  const logLevel = lnLimit - side * Math.sqrt(squares[i]!);

  const end = terminalTerms(problem, years, logLevel, exp(logLevel));
  let byVolatility = -end.density * rootYears * end.d2;
  let byRate = end.density * years;
  let byYield = -years * (end.mass + end.density);
  let byLimit = end.mass + end.density;
  for (let k = 0; k < grid.quadrature; k++) {
    const root = rootYears * grid.sines[k]!;
    const s = root * root;
    const d2 = row.d2[k]!;
    const gain = row.gain[k]!;
    const mass = row.mass[k]!;
    const earned = row.perSpread[k]! * row.earlier[k]!;
    const slide = (gain * d2 * root) / volatility;
    byVolatility += (gain - gain * d2 * (d2 + volatility * root)) / volatility - dividendYield * earned * d2 * root;
    byRate += dividendYield * earned * s + gain * s + slide - row.perSpread[k]!;
    byYield += mass * (1 - dividendYield * s) - dividendYield * earned * s - slide + earned;
    byLimit += dividendYield * (mass + earned);
  }
  if (partials === null) return;
  partials.volatility[i] = byVolatility;
  partials.rate[i] = byRate + (lnLimit === 0 ? 0 : byLimit / rate);
  partials.dividendYield[i] = byYield - (lnLimit === 0 ? 0 : byLimit / dividendYield);
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

/** e^x − 1. */
export function relativeChange(x: number): number {
  return x > -0.3 && x < 0.3 ? expm1(x) : exp(x) - 1;
}

/** B e^(−qτ)Φ(d+(τ, B)), the matching density over σ√τ, and d−; zero above an upper exercise region. */
function terminalTerms(problem: CurveProblem, years: number, logLevel: number, level: number) {
  const { rate, dividendYield, volatility } = problem.put;
  if (problem.side < 0) return { mass: 0, density: 0, d2: 0 };
  const spread = volatility * Math.sqrt(years);
  const d1 = (logLevel + (rate - dividendYield) * years) / spread + 0.5 * spread;
  const forward = level * exp(-dividendYield * years);
  const density = forward * INVERSE_SQRT_TWO_PI * exp(-0.5 * d1 * d1);
  return { mass: exercisedMass(1, d1, forward, density), density: density / spread, d2: d1 - spread };
}

/** amount·Φ(d) below the curve, −amount·Φ(−d) above it, given amount·φ(d). */
function exercisedMass(side: CurveSide, d: number, amount: number, density: number): number {
  const tail = density * millsRatio(Math.abs(d));
  if (side > 0) return d < 0 ? tail : amount - tail;
  return d > 0 ? -tail : tail - amount;
}

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const SMALLEST_SQUARE = 1e-200;
const SMALLEST_DISTANCE = 1e-100;
