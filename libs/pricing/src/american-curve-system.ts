/**
 * Workspace of the collocation equations of one exercise curve: what depends on the parameters but not on the curve is
 * computed once, the rest is overwritten at every trial.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import type { PutProblem } from './american-put-problem';
import { exp } from './exponential';

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

/** One array of length `order` per parameter. */
export interface CurvePartials {
  readonly volatility: Float64Array;
  readonly rate: Float64Array;
  readonly dividendYield: Float64Array;
}

/** Arrays of the equations; point k of row i, s = τᵢ·sines[k]², stands at i·quadrature + k. */
export interface CurveSystem {
  readonly residual: Float64Array;
  /** ∂residual/∂H, order × order. */
  readonly jacobian: Float64Array;
  readonly pivots: Int32Array;
  /** ∂residual/∂σ, ∂r and ∂q at fixed H. */
  readonly partials: CurvePartials;
  /** √s. */
  readonly root: Float64Array;
  /** 1/(σ√s). */
  readonly perDeviation: Float64Array;
  /** ((r − q)/σ − σ/2)√s. */
  readonly drift: Float64Array;
  /** e^(−rs)/(σ√s·√(2π)) ds. */
  readonly rateWeight: Float64Array;
  /** e^(−qs) ds. */
  readonly yieldWeight: Float64Array;
  /** H(τᵢ − s). */
  readonly square: Float64Array;
  /** d−. */
  readonly d2: Float64Array;
  /** B(τᵢ − s). */
  readonly earlier: Float64Array;
  /** e^(−rs)φ(d−)/(σ√s) ds. */
  readonly perSpread: Float64Array;
  /** The same times r − q·B(τᵢ − s). */
  readonly gain: Float64Array;
  /** ∂residual/∂H(τᵢ − s). */
  readonly bySquare: Float64Array;
  /** ∂residual/∂b(τᵢ), one per row. */
  readonly byLevel: Float64Array;
}

/**
 * Returns the workspace of a grid, filled with the terms of a problem that no curve changes.
 *
 * There is one per grid and thread: the next call overwrites it.
 */
export function prepareCurveSystem(problem: CurveProblem, grid: BoundaryGrid): CurveSystem {
  let system = SYSTEMS.get(grid);
  if (system === undefined) {
    system = allocate(grid);
    SYSTEMS.set(grid, system);
  }
  const { rate, dividendYield, volatility } = problem.put;
  const { root, perDeviation, drift, rateWeight, yieldWeight } = system;
  const driftPerRoot = (rate - dividendYield) / volatility - 0.5 * volatility;
  for (let i = 0, n = 0; i < grid.order; i++) {
    const years = problem.horizon * grid.roots[i]! * grid.roots[i]!;
    const rootYears = Math.sqrt(years);
    for (let k = 0; k < grid.quadrature; k++, n++) {
      const rootTime = rootYears * grid.sines[k]!;
      const time = rootTime * rootTime;
      const weight = years * grid.weights[k]!;
      const inverse = 1 / (volatility * rootTime);
      root[n] = rootTime;
      perDeviation[n] = inverse;
      drift[n] = driftPerRoot * rootTime;
      rateWeight[n] = weight * inverse * INVERSE_SQRT_TWO_PI * exp(-rate * time);
      yieldWeight[n] = dividendYield === 0 ? weight : weight * exp(-dividendYield * time);
    }
  }
  return system;
}

function allocate({ order, quadrature }: BoundaryGrid): CurveSystem {
  const row = () => new Float64Array(order);
  const terms = () => new Float64Array(order * quadrature);
  return {
    residual: row(),
    jacobian: new Float64Array(order * order),
    pivots: new Int32Array(order),
    partials: { volatility: row(), rate: row(), dividendYield: row() },
    root: terms(),
    perDeviation: terms(),
    drift: terms(),
    rateWeight: terms(),
    yieldWeight: terms(),
    square: terms(),
    d2: terms(),
    earlier: terms(),
    perSpread: terms(),
    gain: terms(),
    bySquare: terms(),
    byLevel: row(),
  };
}

const SYSTEMS = new WeakMap<BoundaryGrid, CurveSystem>();
const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
