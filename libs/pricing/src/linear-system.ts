/**
 * Dense linear systems of the size of a collocation grid.
 */

/**
 * Replaces a matrix by its LU factors with partial pivoting.
 *
 * @param matrix  size × size, row by row; overwritten
 * @param pivots  receives the row exchanged at each step
 */
export function factorise(matrix: Float64Array, size: number, pivots: Int32Array): void {
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(matrix[i * size + k]!) > Math.abs(matrix[pivot * size + k]!)) pivot = i;
    }
    pivots[k] = pivot;
    if (pivot !== k) exchangeRows(matrix, size, k, pivot);
    const diagonal = matrix[k * size + k]!;
    for (let i = k + 1; i < size; i++) {
      const factor = matrix[i * size + k]! / diagonal;
      matrix[i * size + k] = factor;
      for (let j = k + 1; j < size; j++) matrix[i * size + j] = matrix[i * size + j]! - factor * matrix[k * size + j]!;
    }
  }
}

/**
 * Solves the factorised system in place.
 *
 * @param factors  what `factorise` left
 * @param vector   right-hand side, overwritten by the solution
 */
export function solveFactorised(factors: Float64Array, size: number, pivots: Int32Array, vector: Float64Array): void {
  for (let k = 0; k < size; k++) {
    const pivot = pivots[k]!;
    const value = vector[pivot]!;
    vector[pivot] = vector[k]!;
    vector[k] = value;
  }
  for (let i = 1; i < size; i++) {
    let sum = vector[i]!;
    for (let j = 0; j < i; j++) sum -= factors[i * size + j]! * vector[j]!;
    vector[i] = sum;
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = vector[i]!;
    for (let j = i + 1; j < size; j++) sum -= factors[i * size + j]! * vector[j]!;
    vector[i] = sum / factors[i * size + i]!;
  }
}

function exchangeRows(matrix: Float64Array, size: number, a: number, b: number): void {
  for (let j = 0; j < size; j++) {
    const value = matrix[a * size + j]!;
    matrix[a * size + j] = matrix[b * size + j]!;
    matrix[b * size + j] = value;
  }
}
