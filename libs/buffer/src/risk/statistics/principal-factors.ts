/** Sweeps of the Jacobi method before it is stopped; ten are enough for hundreds of rows. */
const sweepsMaximum = 60;

/**
 * Splits a covariance matrix into principal factors: the matrix A with A·Aᵀ = covariance whose columns are eigenvectors ×
 * √eigenvalue, largest first, so that the first dimensions of a low-discrepancy set carry most variance. An eigenvalue
 * that rounding left below 0 counts as 0: any covariance of returns has a root, also one of fewer days than factors.
 *
 * Cyclic Jacobi rotations (G. Golub and C. Van Loan, Matrix Computations, 4th ed., 2013, §8.5.5).
 *
 * @param covariance  row-major, symmetric
 * @returns row-major A
 */
export function principalFactors(covariance: Float64Array, size: number): Float64Array {
  const matrix = Float64Array.from(covariance);
  const vectors = new Float64Array(size * size);
  for (let index = 0; index < size; index += 1) vectors[index * size + index] = 1;
  for (let sweep = 0; sweep < sweepsMaximum && offDiagonal(matrix, size) > 0; sweep += 1)
    for (let row = 0; row < size - 1; row += 1)
      for (let column = row + 1; column < size; column += 1) rotate(matrix, vectors, { size, row, column });
  const order = Array.from({ length: size }, (_, index) => index).sort(
    (left, right) => valueAt(matrix, right, size) - valueAt(matrix, left, size) || left - right,
  );
  const result = new Float64Array(size * size);
  order.forEach((from, to) => {
    const root = Math.sqrt(Math.max(0, valueAt(matrix, from, size)));
    const sign = firstSign(vectors, from, size);
    for (let row = 0; row < size; row += 1)
      result[row * size + to] = sign * root * (vectors[row * size + from] as number);
  });
  return result;
}

function valueAt(matrix: Float64Array, index: number, size: number): number {
  return matrix[index * size + index] as number;
}

/** Sum of squares off the diagonal; what is lost in the rounding of the diagonal counts as 0. */
function offDiagonal(matrix: Float64Array, size: number): number {
  let [sum, trace] = [0, 0];
  for (let row = 0; row < size; row += 1) {
    trace += Math.abs(valueAt(matrix, row, size));
    for (let column = 0; column < row; column += 1) sum += (matrix[row * size + column] as number) ** 2;
  }
  return Math.sqrt(sum) <= 1e-17 * trace ? 0 : sum;
}

/** An eigenvector has no sign of its own: its entry of the largest size is made positive. */
function firstSign(vectors: Float64Array, column: number, size: number): number {
  let [most, sign] = [0, 1];
  for (let row = 0; row < size; row += 1) {
    const value = vectors[row * size + column] as number;
    if (Math.abs(value) > most + 1e-12) [most, sign] = [Math.abs(value), value < 0 ? -1 : 1];
  }
  return sign;
}

function rotate(
  matrix: Float64Array,
  vectors: Float64Array,
  { size, row, column }: { readonly size: number; readonly row: number; readonly column: number },
): void {
  const across = matrix[row * size + column] as number;
  if (across === 0) return;
  const half = (valueAt(matrix, column, size) - valueAt(matrix, row, size)) / (2 * across);
  const tangent = (half < 0 ? -1 : 1) / (Math.abs(half) + Math.sqrt(half * half + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (target: Float64Array, left: number, right: number): void => {
    const [a, b] = [target[left] as number, target[right] as number];
    target[left] = cosine * a - sine * b;
    target[right] = sine * a + cosine * b;
  };
  for (let index = 0; index < size; index += 1) turn(matrix, index * size + row, index * size + column);
  for (let index = 0; index < size; index += 1) turn(matrix, row * size + index, column * size + index);
  for (let index = 0; index < size; index += 1) turn(vectors, index * size + row, index * size + column);
}
