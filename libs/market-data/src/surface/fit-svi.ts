import { exp, log } from '@ballast/pricing';
import { minimiseInPlane } from './minimise';
import { type SviParameters, sviVariance } from './svi';

/** One quoted total variance of an expiry. */
export interface SmilePoint {
  /** ln(strike / forward). */
  readonly k: number;
  /** σ²T, > 0. */
  readonly variance: number;
  /** How much it counts, > 0. */
  readonly weight: number;
}

/** A fitted slice. */
export interface SviFit {
  readonly parameters: SviParameters;
  /** √(Σ weight·(w_fit − w)² / Σ weight), in total variance. */
  readonly varianceError: number;
}

/**
 * Fits raw SVI to one expiry by weighted least squares.
 *
 * Quasi-explicit: for fixed m and σ the curve is linear in (a, ρbσ, bσ), which has a closed solution under the bounds
 * b ≥ 0, |ρ| ≤ 1, b(1 + |ρ|) ≤ 2 and w ≥ 0; (m, ln σ) are searched by a simplex from the best of a fixed grid.
 * Source: Zeliade Systems, "Quasi-explicit calibration of Gatheral's SVI model" (2009).
 *
 * @param points  at least 5 different k
 * @returns null when there are fewer
 */
export function fitSvi(points: readonly SmilePoint[]): SviFit | null {
  if (new Set(points.map(({ k }) => k)).size < pointsMinimum) return null;
  const objective = (m: number, logSigma: number): number => {
    const sigma = exp(logSigma);
    return sigma > sigmaMinimum && sigma < sigmaMaximum ? fitLine(points, m, sigma).error : Number.POSITIVE_INFINITY;
  };
  const lowest = points.reduce((least, point) => (point.variance < least.variance ? point : least));
  let start = { x: 0, y: log(0.1), value: Number.POSITIVE_INFINITY };
  for (const x of [lowest.k, 0, lowest.k / 2]) {
    for (const sigma of [0.02, 0.05, 0.1, 0.2, 0.5, 1]) {
      const value = objective(x, log(sigma));
      if (value < start.value) start = { x, y: log(sigma), value };
    }
  }
  const found = minimiseInPlane(objective, start, { x: 0.05, y: 0.3 });
  const sigma = exp(found.y);
  const { a, skew, slope } = fitLine(points, found.x, sigma);
  const b = slope / sigma;
  const parameters = { a, b, rho: slope === 0 ? 0 : skew / slope, m: found.x, sigma };
  return { parameters, varianceError: varianceError(points, parameters) };
}

const pointsMinimum = 5;
const sigmaMinimum = 1e-4;
const sigmaMaximum = 10;

function varianceError(points: readonly SmilePoint[], parameters: SviParameters): number {
  let sum = 0;
  let weights = 0;
  for (const { k, variance, weight } of points) {
    const difference = sviVariance(parameters, k).variance - variance;
    sum += weight * difference * difference;
    weights += weight;
  }
  return Math.sqrt(sum / weights);
}

/** w = a + skew·y + slope·√(y² + 1) with y = (k − m)/σ: the linear inner problem. */
interface Line {
  readonly a: number;
  readonly skew: number;
  readonly slope: number;
  readonly error: number;
}

/** Moments of the inner problem, so that candidates on the bounds cost nothing. */
interface Moments {
  readonly n: number;
  readonly y: number;
  readonly z: number;
  readonly yy: number;
  readonly yz: number;
  readonly zz: number;
  readonly w: number;
  readonly wy: number;
  readonly wz: number;
  readonly ww: number;
}

function fitLine(points: readonly SmilePoint[], m: number, sigma: number): Line {
  const sums = momentsOf(points, m, sigma);
  const candidates = [freeLine(sums), edgeLine(sums, 1), edgeLine(sums, -1), flatLine(sums)];
  let best: Line | undefined;
  for (const candidate of candidates) {
    const line = withinBounds(candidate, sums, sigma);
    if (best === undefined || line.error < best.error) best = line;
  }
  return best as Line;
}

function momentsOf(points: readonly SmilePoint[], m: number, sigma: number): Moments {
  const sums = { n: 0, y: 0, z: 0, yy: 0, yz: 0, zz: 0, w: 0, wy: 0, wz: 0, ww: 0 };
  for (const { k, variance, weight } of points) {
    const y = (k - m) / sigma;
    const z = Math.sqrt(y * y + 1);
    sums.n += weight;
    sums.y += weight * y;
    sums.z += weight * z;
    sums.yy += weight * y * y;
    sums.yz += weight * y * z;
    sums.zz += weight * z * z;
    sums.w += weight * variance;
    sums.wy += weight * variance * y;
    sums.wz += weight * variance * z;
    sums.ww += weight * variance * variance;
  }
  return sums;
}

type Coefficients = readonly [a: number, skew: number, slope: number];

/** Least squares without bounds: Cramer's rule on centred moments. */
function freeLine(s: Moments): Coefficients {
  const yy = s.yy - (s.y * s.y) / s.n;
  const yz = s.yz - (s.y * s.z) / s.n;
  const zz = s.zz - (s.z * s.z) / s.n;
  const wy = s.wy - (s.w * s.y) / s.n;
  const wz = s.wz - (s.w * s.z) / s.n;
  const determinant = yy * zz - yz * yz;
  if (!(Math.abs(determinant) > 1e-300)) return flatLine(s);
  const skew = (wy * zz - wz * yz) / determinant;
  const slope = (wz * yy - wy * yz) / determinant;
  return [(s.w - skew * s.y - slope * s.z) / s.n, skew, slope];
}

/** Least squares on ρ = ±1. */
function edgeLine(s: Moments, sign: 1 | -1): Coefficients {
  const x = sign * s.y + s.z;
  const xx = s.yy + 2 * sign * s.yz + s.zz - (x * x) / s.n;
  const wx = sign * s.wy + s.wz - (s.w * x) / s.n;
  const slope = xx > 1e-300 ? wx / xx : 0;
  return [(s.w - slope * x) / s.n, sign * slope, slope];
}

function flatLine(s: Moments): Coefficients {
  return [s.w / s.n, 0, 0];
}

/** Moves coefficients into the bounds and refits the level to what remains. */
function withinBounds([, rawSkew, rawSlope]: Coefficients, s: Moments, sigma: number): Line {
  let slope = Math.max(0, rawSlope);
  let skew = Math.min(slope, Math.max(-slope, rawSkew));
  const steepest = slope + Math.abs(skew);
  if (steepest > 2 * sigma) {
    slope *= (2 * sigma) / steepest;
    skew *= (2 * sigma) / steepest;
  }
  const bottom = Math.sqrt(Math.max(0, slope * slope - skew * skew));
  const a = Math.max((s.w - skew * s.y - slope * s.z) / s.n, -bottom);
  const squares =
    s.ww - 2 * (a * s.w + skew * s.wy + slope * s.wz) + a * a * s.n + skew * skew * s.yy + slope * slope * s.zz;
  return { a, skew, slope, error: squares + 2 * (a * skew * s.y + a * slope * s.z + skew * slope * s.yz) };
}
