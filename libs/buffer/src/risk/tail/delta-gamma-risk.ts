import { cornishFisherTail, type LossMoments } from '../statistics/cornish-fisher';
import type { Steps } from '../steps';
import type { PartProfit } from '../valuation/part-profit';
import { diversificationOf, type RiskEstimate, type StandaloneTail } from './risk-estimate';
import type { RiskQuestion } from './risk-question';

/** Profit as a quadratic of the relative moves m: δ·m + ½ m·Γm [base currency]. */
export interface DeltaGamma {
  readonly delta: Float64Array;
  /** Row-major. */
  readonly gamma: Float64Array;
}

/** Bump of a relative move; larger for lattice prices, whose second difference over a small bump is noise. */
const bump = 0.0025;
const latticeBump = 0.02;

/**
 * Parametric value at risk: the account's delta and gamma by central differences of full revaluation, moves jointly normal
 * with the covariance of the horizon. The four moments of the quadratic form are exact; quantile and shortfall come from
 * them by Cornish and Fisher.
 *
 * Mean ½tr(ΓΣ); variance δΣδ + ½tr(ΓΣ)²; third cumulant 3δΣΓΣδ + tr(ΓΣ)³; fourth 12δΣ(ΓΣ)²δ + 3tr(ΓΣ)⁴ (J. Hull, Options,
 * Futures, and Other Derivatives, 9th ed., technical note 10; A. Mathai and S. Provost 1992). Losses are its negative.
 *
 * @param covariance  of the relative moves over the horizon, row-major
 */
export function* deltaGammaRisk(
  profits: readonly PartProfit[],
  covariance: Float64Array,
  question: RiskQuestion,
): Steps<RiskEstimate> {
  const { confidence, method } = question;
  const sizes = profits.map(({ part }) => part.underlyingIds.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const whole: DeltaGamma = { delta: new Float64Array(total), gamma: new Float64Array(total * total) };
  const standalone: StandaloneTail[] = [];
  let first = 0;
  for (const profit of profits) {
    const size = profit.part.underlyingIds.length;
    const own = differences(profit);
    const place = (row: number, column: number) => (first + row) * total + first + column;
    const block = Float64Array.from(
      { length: size * size },
      (_, index) => covariance[place(Math.floor(index / size), index % size)] as number,
    );
    for (let row = 0; row < size; row += 1) {
      whole.delta[first + row] = own.delta[row] as number;
      for (let column = 0; column < size; column += 1)
        whole.gamma[place(row, column)] = own.gamma[row * size + column] as number;
    }
    const { valueAtRisk, expectedShortfall } = cornishFisherTail(lossMoments(own, block), confidence);
    standalone.push({ underlyingIds: profit.part.underlyingIds, valueAtRisk, expectedShortfall });
    first += size;
    yield;
  }
  const { monotone, ...figures } = cornishFisherTail(lossMoments(whole, covariance), confidence);
  return {
    method,
    ...figures,
    valueAtRiskError: null,
    expectedShortfallError: null,
    interval: null,
    standalone,
    diversification: diversificationOf(standalone, figures),
    observations: 0,
    revaluationError: 0,
    worst: [],
    warnings: monotone
      ? []
      : ['the Cornish-Fisher expansion is not monotone for these moments: take historical simulation or Monte Carlo'],
  };
}

/** Delta and gamma of a part at the market of now. */
export function differences({ part, profitAt, contracts }: PartProfit): DeltaGamma {
  const size = part.underlyingIds.length;
  const lattice = [...contracts.values()].some(({ option }) => option?.terms.model === 'binomial-crr');
  const h = lattice ? latticeBump : bump;
  const moved = (...bumps: readonly (readonly [number, number])[]) => {
    const moves = new Float64Array(size);
    for (const [index, sign] of bumps) moves[index] = (moves[index] as number) + sign * h;
    return profitAt(moves);
  };
  const now = moved();
  const result: DeltaGamma = { delta: new Float64Array(size), gamma: new Float64Array(size * size) };
  for (let row = 0; row < size; row += 1) {
    const [up, down] = [moved([row, 1]), moved([row, -1])];
    result.delta[row] = (up - down) / (2 * h);
    result.gamma[row * size + row] = (up - 2 * now + down) / (h * h);
    for (let column = 0; column < row; column += 1) {
      const mixed =
        moved([row, 1], [column, 1]) -
        moved([row, 1], [column, -1]) -
        moved([row, -1], [column, 1]) +
        moved([row, -1], [column, -1]);
      result.gamma[row * size + column] = mixed / (4 * h * h);
      result.gamma[column * size + row] = mixed / (4 * h * h);
    }
  }
  return result;
}

/** Exact moments of the loss −(δ·m + ½ m·Γm) for m ~ N(0, Σ). */
export function lossMoments({ delta, gamma }: DeltaGamma, covariance: Float64Array): LossMoments {
  const size = delta.length;
  const spread = product(gamma, covariance, size);
  const squared = product(spread, spread, size);
  const carried = timesVector(covariance, delta, size);
  const variance = dot(delta, carried) + 0.5 * trace(squared, size);
  if (!(variance > 0)) return { mean: -0.5 * trace(spread, size), deviation: 0, skewness: 0, excessKurtosis: 0 };
  const bent = timesVector(gamma, carried, size);
  const third = 3 * dot(carried, bent) + trace(product(squared, spread, size), size);
  const fourth = 12 * dot(bent, timesVector(covariance, bent, size)) + 3 * trace(product(squared, squared, size), size);
  const deviation = Math.sqrt(variance);
  return {
    mean: -0.5 * trace(spread, size),
    deviation,
    skewness: -third / (variance * deviation),
    excessKurtosis: fourth / (variance * variance),
  };
}

function product(left: Float64Array, right: Float64Array, size: number): Float64Array {
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [row, column] = [Math.floor(place / size), place % size];
    let sum = 0;
    for (let index = 0; index < size; index += 1)
      sum += (left[row * size + index] as number) * (right[index * size + column] as number);
    return sum;
  });
}

function timesVector(matrix: Float64Array, vector: Float64Array, size: number): Float64Array {
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column += 1)
      sum += (matrix[row * size + column] as number) * (vector[column] as number);
    return sum;
  });
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] as number), 0);
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let index = 0; index < size; index += 1) sum += matrix[index * size + index] as number;
  return sum;
}
