/**
 * The collocation grid of an exercise boundary: times, quadrature within each time, interpolation weights.
 */
import { chebyshevPoints, interpolationWeights } from './chebyshev';
import { gaussLegendre } from './gauss-legendre';
import { PricingInputError } from './pricing-input-error';

/**
 * The time to expiry of collocation point i is horizon·roots[i]²; the point at expiry itself is left out because the
 * boundary is known there. The integral over the remaining life τ uses s = τ·sines[k]² and τ − s = τ·cosines[k]²: in
 * the angle both square-root singularities disappear, and with t = tan(angle/2) sine and cosine are rational.
 */
export interface BoundaryGrid {
  /** Number of unknown boundary values. */
  readonly order: number;
  /** Number of quadrature points. */
  readonly quadrature: number;
  /** Chebyshev points −1 … 1, order + 1 of them. */
  readonly points: Float64Array;
  /** √(τᵢ/horizon), from 1 downwards. */
  readonly roots: Float64Array;
  readonly sines: Float64Array;
  readonly cosines: Float64Array;
  /** Weights of ∫ … ds/τ. */
  readonly weights: Float64Array;
  /** Interpolation weights at √(τᵢ/horizon)·cosines[k]: order × quadrature × order. */
  readonly interpolation: Float64Array;
}

/**
 * Builds a grid.
 *
 * Coarser grids are refused: with fewer points, in time or in the integral, Newton's method can settle on a curve that is
 * none, and prices were seen to be wrong by several per cent of the strike without a sign of it.
 *
 * @param order       power of two, 8 … 256
 * @param quadrature  points of the integral at each time, 8 … 200
 * @throws PricingInputError when a number of points is out of range
 */
export function boundaryGrid(order: number, quadrature: number): BoundaryGrid {
  if (!(order >= FEWEST && order <= 256 && Number.isInteger(order) && (order & (order - 1)) === 0)) {
    throw new PricingInputError('order', order, `must be a power of two from ${FEWEST} to 256`);
  }
  if (!(quadrature >= FEWEST && quadrature <= 200 && Number.isInteger(quadrature))) {
    throw new PricingInputError('quadrature', quadrature, `must be an integer from ${FEWEST} to 200`);
  }
  const points = chebyshevPoints(order);
  const roots = points.subarray(0, order).map((z) => 0.5 * (1 + z));
  const rule = gaussLegendre(quadrature);
  const sines = rule.nodes.map((t) => (2 * t) / (1 + t * t));
  const cosines = rule.nodes.map((t) => ((1 - t) * (1 + t)) / (1 + t * t));
  const weights = rule.weights.map((w, k) => (4 * w * sines[k]! * cosines[k]!) / (1 + rule.nodes[k]! * rule.nodes[k]!));
  const interpolation = new Float64Array(order * quadrature * order);
  for (let i = 0; i < order; i++) {
    for (let k = 0; k < quadrature; k++) {
      const row = interpolationWeights(points, 2 * roots[i]! * cosines[k]! - 1);
      interpolation.set(row.subarray(0, order), (i * quadrature + k) * order);
    }
  }
  return { order, quadrature, points, roots, sines, cosines, weights, interpolation };
}

/** Fewest points in time and in the integral for which the method is proven. */
const FEWEST = 8;
