/**
 * Interpolation at the extreme points of a Chebyshev polynomial, from IEEE arithmetic only.
 */

/**
 * Computes the points cos(jπ/order), j = 0 … order, of Chebyshev-Lobatto interpolation, from 1 down to −1.
 *
 * Half-angle formulas lead from cos π to cos(π/order), the addition theorem to the rest.
 *
 * @param order  a power of two ≥ 2
 */
export function chebyshevPoints(order: number): Float64Array {
  const points = new Float64Array(order + 1);
  points[0] = 1;
  points[order] = -1;
  for (let gap = order; gap > 1; gap >>= 1) {
    const half = gap >> 1;
    for (let j = half; 2 * j <= order; j += gap) {
      points[j] = 2 * j === order ? 0 : Math.sqrt(0.5 * (1 + points[2 * j]!));
      points[order - j] = -points[j]!;
    }
  }
  return points;
}

/**
 * Computes the Chebyshev coefficients of the polynomial through given values.
 *
 * @param points  `chebyshevPoints(order)`
 * @param values  value at each point, order + 1 of them; the last is zero if absent
 * @returns coefficients of T₀ … T_order
 */
export function chebyshevCoefficients(points: Float64Array, values: Float64Array): Float64Array {
  const order = points.length - 1;
  const coefficients = new Float64Array(order + 1);
  for (let k = 0; k <= order; k++) {
    let sum = 0;
    for (let j = 0; j < values.length; j++) {
      const turn = (j * k) % (2 * order);
      const cosine = points[turn <= order ? turn : 2 * order - turn]!;
      sum += (j === 0 || j === order ? 0.5 : 1) * values[j]! * cosine;
    }
    coefficients[k] = (sum * (k === 0 || k === order ? 1 : 2)) / order;
  }
  return coefficients;
}

/**
 * Computes Σ coefficients[k]·T_k(z) by Clenshaw's recurrence.
 *
 * @param coefficients  at least two
 * @param z             −1 … 1
 */
export function chebyshevSum(coefficients: Float64Array, z: number): number {
  const twice = 2 * z;
  let b1 = 0;
  let b2 = 0;
  for (let k = coefficients.length - 1; k > 0; k--) {
    const b0 = coefficients[k]! + twice * b1 - b2;
    b2 = b1;
    b1 = b0;
  }
  return coefficients[0]! + z * b1 - b2;
}

/**
 * Computes the weight each point's value has in the interpolated value at z (barycentric formula).
 *
 * @param points  `chebyshevPoints(order)`
 * @param z       −1 … 1
 * @returns order + 1 weights, their sum 1
 */
export function interpolationWeights(points: Float64Array, z: number): Float64Array {
  const order = points.length - 1;
  const weights = new Float64Array(order + 1);
  let total = 0;
  for (let j = 0; j <= order; j++) {
    const distance = z - points[j]!;
    if (distance === 0) {
      weights.fill(0);
      weights[j] = 1;
      return weights;
    }
    const weight = ((j % 2 === 0 ? 1 : -1) * (j === 0 || j === order ? 0.5 : 1)) / distance;
    weights[j] = weight;
    total += weight;
  }
  for (let j = 0; j <= order; j++) weights[j] = weights[j]! / total;
  return weights;
}
