import { inverseNormalCdf, normalDensity } from '@ballast/pricing';
import type { TailFigures } from './loss-quantile';

/** First four moments of a loss. */
export interface LossMoments {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
  /** Kurtosis − 3. */
  readonly excessKurtosis: number;
}

/** Quantile and tail mean by Cornish and Fisher, and whether the expansion is a distribution there. */
export interface CornishFisherTail extends TailFigures {
  /** true: the expanded quantile rises with the confidence everywhere beyond it. */
  readonly monotone: boolean;
}

/**
 * Value at risk and expected shortfall from four moments by the Cornish-Fisher expansion
 * w(z) = z + (z² − 1)s/6 + (z³ − 3z)k/24 − (2z³ − 5z)s²/36; the shortfall integrates w over the tail in closed form.
 *
 * E. Cornish and R. Fisher, "Moments and cumulants in the specification of distributions" (1938); D. Maillard, "A user's
 * guide to the Cornish Fisher expansion" (2012) for where it is one. With s = k = 0 it is the normal distribution.
 */
export function cornishFisherTail(moments: LossMoments, confidence: number): CornishFisherTail {
  const { mean, deviation, skewness: s, excessKurtosis: k } = moments;
  const z = inverseNormalCdf(confidence);
  const [flat, linear, square, cube] = [-s / 6, 1 - k / 8 + (5 * s * s) / 36, s / 6, k / 24 - (s * s) / 18];
  const quantile = flat + z * (linear + z * (square + z * cube));
  const density = normalDensity(z) / (1 - confidence);
  const shortfall = flat + linear * density + square * (1 + z * density) + cube * (z * z + 2) * density;
  return {
    valueAtRisk: mean + deviation * quantile,
    expectedShortfall: mean + deviation * shortfall,
    monotone: risesBeyond(z, { linear, square, cube }),
  };
}

/** w′(z) = linear + 2·square·z + 3·cube·z² > 0 for all z beyond. */
function risesBeyond(
  z: number,
  { linear, square, cube }: { readonly linear: number; readonly square: number; readonly cube: number },
): boolean {
  const slopeAt = (at: number) => linear + 2 * square * at + 3 * cube * at * at;
  if (cube < 0 || !(slopeAt(z) > 0)) return false;
  if (cube === 0) return square >= 0;
  const lowest = -square / (3 * cube);
  return lowest <= z || slopeAt(lowest) > 0;
}
