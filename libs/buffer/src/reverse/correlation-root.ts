import { DomainError } from '@ballast/domain';
import { principalFactors } from '../risk/statistics/principal-factors';

/** Correlation of two underlyings, −1 … 1. */
export interface PairCorrelation {
  readonly left: string;
  readonly right: string;
  readonly correlation: number;
}

/** A correlation matrix as A·Aᵀ, and the distance it gives. */
export interface CorrelationRoot {
  readonly size: number;
  /** Row-major; moves in standard deviations are A·u for independent standard normals u. */
  readonly root: Float64Array;
  /** Mahalanobis distance √(zᵀR⁻¹z) of a move in standard deviations; Infinity where R excludes it. */
  readonly distanceOf: (move: ArrayLike<number>) => number;
  /** The shortest u with A·u = the move, where there is one. */
  readonly factorsOf: (move: ArrayLike<number>) => Float64Array;
}

/**
 * Takes correlations of pairs as a matrix and splits it into A·Aᵀ.
 *
 * @param input.ids      underlyings in order
 * @param input.pairs    correlations; a pair that is not stated takes `otherwise`
 * @param input.otherwise  −1 … 1
 * @throws DomainError 'INVALID_PARAMETER' for a correlation outside −1 … 1, an unknown or repeated pair, or a matrix that
 *         no joint distribution has (not positive semidefinite)
 *
 * @example
 * correlationRoot({ ids: ['A', 'B'], pairs: [], otherwise: 0.6 }).distanceOf([1, 1]) // √(2/1.6) = 1.1180339887498947
 */
export function correlationRoot(input: {
  readonly ids: readonly string[];
  readonly pairs: readonly PairCorrelation[];
  readonly otherwise: number;
}): CorrelationRoot {
  const size = input.ids.length;
  const matrix = correlationMatrix(input);
  const root = principalFactors(matrix, size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      const gap = Math.abs(product(root, size, row, column) - (matrix[row * size + column] as number));
      if (!(gap <= semidefiniteTolerance))
        throw invalid('the matrix is not positive semidefinite: no joint distribution has these correlations');
    }
  const factorsOf = (move: ArrayLike<number>) => independentFactors(root, size, move);
  return { size, root, factorsOf, distanceOf: (move) => mahalanobis(root, size, move, factorsOf(move)) };
}

/** What rounding may leave of an eigenvalue of 0. */
const semidefiniteTolerance = 1e-9;

function correlationMatrix({ ids, pairs, otherwise }: Parameters<typeof correlationRoot>[0]): Float64Array {
  const size = ids.length;
  const matrix = new Float64Array(size * size).fill(requireCorrelation(otherwise));
  for (let index = 0; index < size; index += 1) matrix[index * size + index] = 1;
  const stated = new Set<number>();
  for (const { left, right, correlation } of pairs) {
    const [row, column] = [ids.indexOf(left), ids.indexOf(right)];
    if (row < 0 || column < 0 || row === column)
      throw invalid(`${left}, ${right}: no pair of underlyings of the account`);
    const place = Math.min(row, column) * size + Math.max(row, column);
    if (stated.has(place)) throw invalid(`${left}, ${right}: stated twice`);
    stated.add(place);
    matrix[row * size + column] = matrix[column * size + row] = requireCorrelation(correlation);
  }
  return matrix;
}

function requireCorrelation(value: number): number {
  if (value >= -1 && value <= 1) return value;
  throw invalid(`expected a correlation from -1 to 1, got ${value}`);
}

function invalid(reason: string): DomainError {
  return new DomainError('INVALID_PARAMETER', `correlations: ${reason}`, 'correlations');
}

function product(root: Float64Array, size: number, row: number, column: number): number {
  let sum = 0;
  for (let factor = 0; factor < size; factor += 1)
    sum += (root[row * size + factor] as number) * (root[column * size + factor] as number);
  return sum;
}

/** The columns of the root are orthogonal, so that u = (column · z) / |column|². */
function independentFactors(root: Float64Array, size: number, move: ArrayLike<number>): Float64Array {
  const factors = new Float64Array(size);
  for (let factor = 0; factor < size; factor += 1) {
    let [along, variance] = [0, 0];
    for (let row = 0; row < size; row += 1) {
      along += (root[row * size + factor] as number) * (move[row] as number);
      variance += (root[row * size + factor] as number) ** 2;
    }
    factors[factor] = variance <= semidefiniteTolerance ? 0 : along / variance;
  }
  return factors;
}

/** Length of u, unless A·u misses the move. */
function mahalanobis(root: Float64Array, size: number, move: ArrayLike<number>, factors: Float64Array): number {
  let [missed, length, square] = [0, 0, 0];
  for (let row = 0; row < size; row += 1) {
    let reached = 0;
    for (let factor = 0; factor < size; factor += 1)
      reached += (root[row * size + factor] as number) * (factors[factor] as number);
    missed += ((move[row] as number) - reached) ** 2;
    length += (move[row] as number) ** 2;
    square += (factors[row] as number) ** 2;
  }
  return missed > 1e-12 * Math.max(1, length) ? Infinity : Math.sqrt(square);
}
