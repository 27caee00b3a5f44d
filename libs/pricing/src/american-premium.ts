/**
 * The early-exercise premium: the present value of what the holder gains while the underlying is in the exercise region.
 *
 * For one curve, with strike K, η = 1 where the region lies below it:
 *   P = ∫ [r K e^(−rs)Φ(−ηd−(s)) − q S e^(−qs)Φ(−ηd+(s))] ds,  d∓ = (ln(S/K) − b(T − s))/(σ√s) + ((r − q)/σ ∓ σ/2)√s
 * (Kim 1990; Carr, Jarrow and Myneni 1992), and its derivatives under the integral sign.
 */
import { curveLimit, type CurveLimit } from './american-curve-equation';
import type { CurveSlopes, ExerciseCurve } from './american-exercise-curve';
import type { PutProblem } from './american-put-problem';
import { chebyshevSum } from './chebyshev';
import { exp, relativeChange } from './exponential';
import type { QuadratureRule } from './gauss-legendre';
import { millsRatio } from './mills-ratio';

/** A premium and its derivatives in the put's spot, volatility, rate and dividend yield. */
export interface PremiumSum {
  price: number;
  delta: number;
  gamma: number;
  vega: number;
  rho: number;
  dividendRho: number;
}

/** Where the premium is taken: the put's own spot and strike. */
export interface PremiumPoint {
  readonly put: PutProblem;
  readonly spot: number;
  readonly strike: number;
  /** ln(spot/strike). */
  readonly logMoneyness: number;
}

/** The stretch of the integral and its quadrature. */
export interface PremiumPath {
  /** Ends of the panels in t, √(s/T) = 2t/(1 + t²), increasing. */
  readonly breaks: readonly number[];
  readonly rule: QuadratureRule;
  /** Whether vega, rho and dividendRho are wanted; the curve must carry its slopes. */
  readonly withSlopes: boolean;
}

/** Returns a premium of zero. */
export function noPremium(): PremiumSum {
  return { price: 0, delta: 0, gamma: 0, vega: 0, rho: 0, dividendRho: 0 };
}

/**
 * Adds sign·P of one curve to a sum.
 *
 * @param eta   1: gain below the curve, −1: gain above it
 * @param sign  1 to add, −1 to subtract
 */
export function addPremium(
  sum: PremiumSum,
  curve: ExerciseCurve,
  point: PremiumPoint,
  path: PremiumPath,
  eta: 1 | -1,
  sign: 1 | -1,
): void {
  const { nodes, weights } = path.rule;
  const years = point.put.yearsToExpiry;
  const rootYears = Math.sqrt(years);
  const rootLives = Math.sqrt(years / curve.horizon);
  const limit = curveLimit({ put: point.put, lnLimit: curve.lnLimit });
  const slopes = path.withSlopes ? curve.slopes : null;
  for (let panel = 1; panel < path.breaks.length; panel++) {
    const start = path.breaks[panel - 1]!;
    const width = path.breaks[panel]! - start;
    for (let k = 0; k < nodes.length; k++) {
      const t = start + width * nodes[k]!;
      const scale = 1 / (1 + t * t);
      const sine = 2 * t * scale;
      const cosine = (1 - t) * (1 + t) * scale;
      const weight = 4 * sign * years * width * weights[k]! * sine * cosine * scale;
      const z = Math.min(1, 2 * rootLives * cosine - 1);
      addGain(sum, curve, limit, point, eta, weight, rootYears * sine, z, slopes);
    }
  }
}

/** Adds the gain at √s = root, where the curve's argument is z. */
function addGain(
  sum: PremiumSum,
  curve: ExerciseCurve,
  limit: CurveLimit,
  point: PremiumPoint,
  eta: 1 | -1,
  weight: number,
  root: number,
  z: number,
  slopes: CurveSlopes | null,
): void {
  const { rate, dividendYield, volatility } = point.put;
  const { spot, strike } = point;
  const square = chebyshevSum(curve.squares, z);
  const distance = square > SMALLEST_SQUARE ? Math.sqrt(square) : SMALLEST_DISTANCE;
  const change = relativeChange(-curve.side * distance);
  const level = limit.level * (1 + change);
  const s = root * root;
  const spread = volatility * root;
  const d2 =
    (point.logMoneyness - curve.lnLimit + curve.side * distance) / spread +
    ((rate - dividendYield) / volatility - 0.5 * volatility) * root;
  const density = weight * strike * INVERSE_SQRT_TWO_PI * exp(-rate * s - 0.5 * d2 * d2);
  const strikePart = tailMass(eta * d2, weight * strike, rate * s, density);
  const spotPart = tailMass(eta * (d2 + spread), weight * spot, dividendYield * s, density * level);
  const gain = limit.gain - limit.loss * change;
  const perSpread = (eta * density) / spread;
  const shift = perSpread * gain;

  sum.price += rate * strikePart - dividendYield * spotPart;
  sum.delta -= (shift + dividendYield * spotPart) / spot;
  sum.gamma += (perSpread * rate + (shift * d2) / spread) / (spot * spot);
  if (slopes === null) return;

  const byDistance = square > SMALLEST_SQUARE ? (-curve.side * shift) / (2 * distance) : 0;
  sum.vega += perSpread * root * (rate * (d2 + spread) - dividendYield * level * d2);
  sum.vega += byDistance * chebyshevSum(slopes.volatility, z);
  sum.rho += (1 - rate * s) * strikePart - shift * s;
  sum.rho += byDistance * chebyshevSum(slopes.rate, z);
  sum.dividendRho += shift * s - (1 - dividendYield * s) * spotPart;
  sum.dividendRho += byDistance * chebyshevSum(slopes.dividendYield, z);
  if (curve.lnLimit === 0) return;
  sum.rho += shift / rate;
  sum.dividendRho -= shift / dividendYield;
}

/** amount·e^(−exponent)·Φ(−d), given the matching amount·e^(−exponent)·φ(d). */
function tailMass(d: number, amount: number, exponent: number, density: number): number {
  if (d > 0) return density * millsRatio(d);
  return amount * exp(-exponent) - density * millsRatio(-d);
}

const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const SMALLEST_SQUARE = 1e-200;
const SMALLEST_DISTANCE = 1e-100;
