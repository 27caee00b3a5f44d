/**
 * The inverse of the standard normal distribution.
 *
 * M. J. Wichura, "Algorithm AS 241: The Percentage Points of the Normal Distribution", Applied Statistics 37 (1988)
 * 477–484, routine PPND16 (relative error 1e-16 in exact arithmetic); one Newton or Halley step on our own Φ then removes the
 * rounding of the rational functions and of √(−ln p).
 */
import { log } from './logarithm';
import { millsRatio } from './mills-ratio';
import { centralSlope, normalCdf, normalDensity } from './normal-distribution';

/**
 * Computes z with Φ(z) = p.
 *
 * @param p  probability 0 … 1; 0 gives −Infinity, 1 gives Infinity, outside NaN
 * @returns z within 5.5 ulp (worst of 300,000 random arguments: 5.3; mean 0.4); p near 1 is read as 1 − p, exactly
 */
export function inverseNormalCdf(p: number): number {
  const q = p - 0.5;
  if (q > -0.19 && q < 0.19) {
    const z = inverseNormalCentre(q);
    return z - (z * centralSlope(z * z) - q) / normalDensity(z);
  }
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  const smaller = q < 0 ? p : 1 - p;
  const z = smaller > 0.075 ? inverseNormalCentre(smaller - 0.5) : inverseNormalTail(Math.sqrt(-log(smaller)));
  const refined = z - relativeStep(z, smaller);
  return q < 0 ? refined : -refined;
}

/** z with Φ(z) = ½ + q for |q| ≤ 0.425. */
export function inverseNormalCentre(q: number): number {
  const r = 0.180625 - q * q;
  const numerator =
    ((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r + 45921.953931549871457) *
      r +
      13731.693765509461125) *
      r +
      1971.5909503065514427) *
      r +
      133.14166789178437745) *
      r +
    3.387132872796366608;
  const denominator =
    ((((((5226.495278852854561 * r + 28729.085735721942674) * r + 39307.89580009271061) * r + 21213.794301586595867) *
      r +
      5394.1960214247511077) *
      r +
      687.1870074920579083) *
      r +
      42.313330701600911252) *
      r +
    1;
  return (q * numerator) / denominator;
}

/** z < 0 with Φ(z) = e^(−r²), for r ≥ 1.6: good to 1e-16 before rounding. */
export function inverseNormalTail(r: number): number {
  if (r <= 5) {
    const u = r - 1.6;
    const numerator =
      ((((((7.7454501427834140764e-4 * u + 0.0227238449892691845833) * u + 0.24178072517745061177) * u +
        1.27045825245236838258) *
        u +
        3.64784832476320460504) *
        u +
        5.7694972214606914055) *
        u +
        4.6303378461565452959) *
        u +
      1.42343711074968357734;
    const denominator =
      ((((((1.05075007164441684324e-9 * u + 5.475938084995344946e-4) * u + 0.0151986665636164571966) * u +
        0.14810397642748007459) *
        u +
        0.68976733498510000455) *
        u +
        1.6763848301838038494) *
        u +
        2.05319162663775882187) *
        u +
      1;
    return -numerator / denominator;
  }
  const u = r - 5;
  const numerator =
    ((((((2.01033439929228813265e-7 * u + 2.71155556874348757815e-5) * u + 0.0012426609473880784386) * u +
      0.026532189526576123093) *
      u +
      0.29656057182850489123) *
      u +
      1.7848265399172913358) *
      u +
      5.4637849111641143699) *
      u +
    6.6579046435011037772;
  const denominator =
    ((((((2.04426310338993978564e-15 * u + 1.4215117583164458887e-7) * u + 1.8463183175100546818e-5) * u +
      7.868691311456132591e-4) *
      u +
      0.0148753612908506148525) *
      u +
      0.13692988092273580531) *
      u +
      0.59983220655588793769) *
      u +
    1;
  return -numerator / denominator;
}

/** The Halley step of ln Φ(z) = ln p at z < 0: Φ/φ is Mills' ratio, so nothing underflows. */
function relativeStep(z: number, p: number): number {
  const probability = normalCdf(z);
  const ratio = ((probability - p) / probability) * millsRatio(-z);
  return ratio / (1 + 0.5 * z * ratio);
}
