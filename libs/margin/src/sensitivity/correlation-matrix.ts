/**
 * Tells whether a symmetric matrix has no negative eigenvalue, by Cholesky factorisation that accepts zero pivots.
 *
 * A pivot within ±tolerance counts as zero, and then the rest of its column must vanish too.
 *
 * @param matrix  square, symmetric, row by row
 *
 * @example
 * isPositiveSemiDefinite([[1, 0.9], [0.9, 1]]) // true
 * isPositiveSemiDefinite([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]]) // false
 */
export function isPositiveSemiDefinite(matrix: readonly (readonly number[])[], tolerance = 1e-10): boolean {
  const size = matrix.length;
  const factor: number[][] = matrix.map(() => new Array<number>(size).fill(0));
  const at = (row: number, column: number) => factor[row]?.[column] as number;
  for (let column = 0; column < size; column += 1) {
    let pivot = matrix[column]?.[column] as number;
    for (let inner = 0; inner < column; inner += 1) pivot -= at(column, inner) ** 2;
    if (!(pivot >= -tolerance)) return false;
    const root = pivot <= tolerance ? 0 : Math.sqrt(pivot);
    (factor[column] as number[])[column] = root;
    for (let row = column + 1; row < size; row += 1) {
      let rest = matrix[row]?.[column] as number;
      for (let inner = 0; inner < column; inner += 1) rest -= at(row, inner) * at(column, inner);
      if (root === 0 && Math.abs(rest) > Math.sqrt(tolerance)) return false;
      (factor[row] as number[])[column] = root === 0 ? 0 : rest / root;
    }
  }
  return true;
}
