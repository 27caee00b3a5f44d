/**
 * The first guess of the implied total volatility s = σ√T under a lognormal model.
 *
 * P. Jäckel, "Let's Be Rational" (Wilmott, January 2015), section 4: four branches in the normalised price, rational
 * cubics between nodes at the inflexion point s = √(2|x|) and where its tangent meets the ends; transformed prices in
 * the two outer branches. Here the price is normalised by its own supremum, c = Φ(x/s + s/2) − e^(−x)·Φ(x/s − s/2),
 * which needs no square root of F·K.
 */
import { exp } from './exponential';
import { inverseNormalCentre, inverseNormalTail } from './inverse-normal';
import { logRatio } from './log-ratio';
import { log } from './logarithm';
import { millsDifference } from './mills-difference';
import { millsRatio } from './mills-ratio';
import { normalCdf, normalDensity } from './normal-distribution';
import { controlFromLeft, controlFromRight, interpolateRationalCubic } from './rational-cubic';

/** The part of the price range a guess lies in; each has its own objective function. */
export type PriceBranch = 'lower' | 'middle' | 'upper';

/** A normalised out-of-the-money price. */
export interface NormalisedPrice {
  /** −|ln(F/K)|. */
  readonly x: number;
  /** The out-of-the-money price and its supremum, in one unit. */
  readonly timeValue: number;
  readonly supremum: number;
  /** c, the one over the other, 0 … 1; may have underflowed to 0. */
  readonly price: number;
  /** 1 − c with its own relative precision. */
  readonly complement: number;
}

/** A guess of s and the branch it came from. */
export interface DeviationGuess {
  readonly deviation: number;
  readonly branch: PriceBranch;
}

/** Computes ln c, also where c has underflowed. */
export function logOfPrice(target: NormalisedPrice): number {
  return target.price > 1e-290 ? log(target.price) : logRatio(target.timeValue, target.supremum).value;
}

/** Guesses s to about 1e-2 relative. */
export function guessLognormalDeviation(target: NormalisedPrice): DeviationGuess {
  const { x, price } = target;
  const centre = Math.sqrt(-2 * x);
  // Where the tangent at the inflexion point meets price 0; the difference of two like numbers for a tiny |x|.
  const low =
    centre > 0.01
      ? centre - (HALF_SQRT_TWO_PI - millsRatio(centre))
      : centre * centre * (0.6266570686577501 - centre / 3);
  const priceAtCentre = (centre - low) * INVERSE_SQRT_TWO_PI;
  if (price >= priceAtCentre) return guessAbove(target, centre, priceAtCentre);

  const h = x / low;
  const density = normalDensity(h + 0.5 * low);
  const priceAtLow = density * millsDifference(h, 0.5 * low);
  if (price < priceAtLow) return { deviation: guessLower(target, low, density, priceAtLow), branch: 'lower' };
  const segment = {
    width: priceAtCentre - priceAtLow,
    leftValue: low,
    rightValue: centre,
    leftSlope: 1 / density,
    rightSlope: SQRT_TWO_PI,
  };
  const control = controlFromRight(segment, 0);
  const deviation = interpolateRationalCubic(segment, price - priceAtLow, priceAtCentre - price, control);
  return { deviation, branch: 'middle' };
}

function guessAbove(target: NormalisedPrice, centre: number, priceAtCentre: number): DeviationGuess {
  const { x, price, complement } = target;
  const high = centre + (1 - priceAtCentre) * SQRT_TWO_PI;
  const h = x / high;
  const z = h + 0.5 * high;
  const density = normalDensity(z);
  const complementAtHigh = density * (millsRatio(z) + millsRatio(0.5 * high - h));
  if (complement < complementAtHigh) {
    return { deviation: guessUpper(target, complementAtHigh, high, density), branch: 'upper' };
  }
  const segment = {
    width: 1 - complementAtHigh - priceAtCentre,
    leftValue: centre,
    rightValue: high,
    leftSlope: SQRT_TWO_PI,
    rightSlope: 1 / density,
  };
  const control = controlFromLeft(segment, 0);
  const deviation = interpolateRationalCubic(segment, price - priceAtCentre, complement - complementAtHigh, control);
  return { deviation, branch: 'middle' };
}

/** Through f = (2π|x|/√27)·Φ(z)³, z = −|x|/(√3·s), which is near e^(x/2)·c for small c. */
function guessLower(target: NormalisedPrice, low: number, density: number, priceAtLow: number): number {
  const { x, price } = target;
  const slopeAtZero = exp(0.5 * x);
  const scale = TWO_PI_OVER_SQRT_27 * -x;
  let logTransform = NaN;
  if (price > 1e-290) {
    const z = x / (SQRT_THREE * low);
    const probability = normalCdf(z);
    const transform = scale * probability * probability * probability;
    const slope = (-3 * scale * probability * probability * normalDensity(z) * (z / low)) / density;
    const h = x / low;
    const growth = (z * z - (2 * z) / millsRatio(-z) - 2 - (h * h - 0.25 * low * low)) / low;
    const segment = {
      width: priceAtLow,
      leftValue: 0,
      rightValue: transform,
      leftSlope: slopeAtZero,
      rightSlope: slope,
    };
    const control = controlFromRight(segment, (slope * growth) / density);
    const interpolated = interpolateRationalCubic(segment, price, priceAtLow - price, control);
    if (interpolated > 0) logTransform = log(interpolated);
  }
  if (logTransform !== logTransform) logTransform = 0.5 * x + logOfPrice(target);
  return x / (SQRT_THREE * inverseOfLog((logTransform - log(scale)) / 3));
}

/** Through f = Φ(−s/2), as a function of the complement u = 1 − c: slope ½e^(x/2) at u = 0, ½e^((h² + x)/2) inside. */
function guessUpper(target: NormalisedPrice, complementAtHigh: number, high: number, density: number): number {
  const { x, complement } = target;
  const h = x / high;
  const slope = 0.5 * exp(0.5 * (h * h + x));
  const segment = {
    width: complementAtHigh,
    leftValue: 0,
    rightValue: normalCdf(-0.5 * high),
    leftSlope: 0.5 * exp(0.5 * x),
    rightSlope: slope,
  };
  const control = controlFromRight(segment, (slope * h * h) / (high * density));
  const transform = interpolateRationalCubic(segment, complement, complementAtHigh - complement, control);
  return -2 * inverseOfLog(log(transform));
}

/** z with ln Φ(z) = logProbability, for probabilities below ½. */
function inverseOfLog(logProbability: number): number {
  if (logProbability < -2.6) return inverseNormalTail(Math.sqrt(-logProbability));
  return inverseNormalCentre(exp(logProbability) - 0.5);
}

const SQRT_TWO_PI = 2.5066282746310002;
const HALF_SQRT_TWO_PI = 1.2533141373155003;
const INVERSE_SQRT_TWO_PI = 0.3989422804014327;
const TWO_PI_OVER_SQRT_27 = 1.2091995761561452;
const SQRT_THREE = 1.7320508075688772;
