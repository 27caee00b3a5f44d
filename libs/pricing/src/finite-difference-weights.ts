/**
 * Weights of interpolation and differentiation on neighbouring nodes of a uniform grid.
 */

/**
 * Computes the weights with which values at 0, 1 … points − 1 give value, slope and curvature of their polynomial at z
 * (Fornberg 1988).
 *
 * @param points  3 … 10
 * @returns rows for the value and its first and second derivative, `points` weights each
 */
export function finiteDifferenceWeights(
  points: number,
  z: number,
): readonly [Float64Array, Float64Array, Float64Array] {
  const weights = [new Float64Array(points), new Float64Array(points), new Float64Array(points)] as const;
  weights[0][0] = 1;
  let product = 1;
  for (let i = 1; i < points; i++) {
    const orders = Math.min(i, 2);
    let newProduct = 1;
    for (let j = 0; j < i; j++) {
      const gap = i - j;
      newProduct *= gap;
      if (j === i - 1) {
        for (let k = orders; k >= 0; k--) {
          const lower = k === 0 ? 0 : k * weights[k - 1]![i - 1]!;
          weights[k]![i] = (product * (lower - (i - 1 - z) * weights[k]![i - 1]!)) / newProduct;
        }
      }
      for (let k = orders; k >= 0; k--) {
        const lower = k === 0 ? 0 : k * weights[k - 1]![j]!;
        weights[k]![j] = ((i - z) * weights[k]![j]! - lower) / gap;
      }
    }
    product = newProduct;
  }
  return weights;
}
