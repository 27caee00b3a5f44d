/**
 * The normalised out-of-the-money price: a difference of Φ/φ at two points, without its cancellation.
 */
import { millsRatio, unitLossRatio } from './mills-ratio';

/**
 * Computes Y(h + t) − Y(h − t), Y(z) = Φ(z)/φ(z), so that Φ(h + t) − e^(−2ht)·Φ(h − t) = φ(h + t)·(Y(h + t) − Y(h − t)).
 *
 * For small t by its Taylor series, 2·Σ t^(2j+1)/(2j+1)!·Y^(2j+1)(h) with Y′ = 1 + hY, Y^(n+1) = hY^(n) + nY^(n−1);
 * otherwise from Mills' ratio at both points. Relative error below 4ε·(1 + h²).
 *
 * @param h  ≤ 0
 * @param t  > 0, and h + t ≤ 0 unless `isSeriesRange(h, t)`
 */
export function millsDifference(h: number, t: number): number {
  return isSeriesRange(h, t) ? seriesDifference(h, t) : millsRatio(-h - t) - millsRatio(t - h);
}

/** True where `millsDifference` uses its series, for which h + t may be positive. */
export function isSeriesRange(h: number, t: number): boolean {
  return t <= 0.5 && h * t >= -2;
}

function seriesDifference(h: number, t: number): number {
  const last = t > 0.15 ? 10 : t > 0.03 ? 6 : 4;
  const square = t * t;
  let even = millsRatio(-h);
  let odd = unitLossRatio(-h);
  let sum = odd;
  let factor = 1;
  for (let j = 1; j <= last; j++) {
    const n = 2 * j;
    even = h * odd + (n - 1) * even;
    odd = h * even + n * odd;
    factor *= square * INVERSE_PAIRS[j]!;
    sum += factor * odd;
  }
  return 2 * t * sum;
}

/** 1/(2j·(2j + 1)): one step of the odd factorials. */
const INVERSE_PAIRS = Float64Array.from({ length: 11 }, (_, j) => 1 / (2 * j * (2 * j + 1)));
