import { DomainError } from '@ballast/domain';

/** Value at risk and expected shortfall of a sample. Losses > 0, in the unit of the sample. */
export interface TailFigures {
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/**
 * Finds value at risk and expected shortfall of a sample of losses.
 *
 * VaR is the quantile at the confidence by linear interpolation between order statistics, at place c·(n − 1) counted from
 * 0 (Hyndman and Fan 1996, type 7). ES is the mean of the worst n·(1 − c) losses, the last of them in part (Acerbi and
 * Tasche 2002); with fewer than one it is the worst loss. ES ≥ VaR for every sample.
 *
 * @param sorted      losses, ascending
 * @param confidence  0 < c < 1
 * @throws DomainError 'INVALID_PARAMETER' for an empty sample
 *
 * @example
 * tailFigures(Float64Array.from({ length: 1000 }, (_, i) => i + 1), 0.99) // { valueAtRisk: 990.01, expectedShortfall: 995.5 }
 */
export function tailFigures(sorted: Float64Array, confidence: number): TailFigures {
  return tailAtPlace(sorted, confidence, confidence * (sorted.length - 1));
}

/**
 * As tailFigures for losses of a stratified point set, whose order statistic i stands for the probability (i + ½)/n: VaR is
 * at place c·n − ½ (Hyndman and Fan 1996, type 5), which has no bias of its own.
 */
export function stratifiedTailFigures(sorted: Float64Array, confidence: number): TailFigures {
  return tailAtPlace(sorted, confidence, Math.max(0, confidence * sorted.length - 0.5));
}

function tailAtPlace(sorted: Float64Array, confidence: number, place: number): TailFigures {
  const count = sorted.length;
  if (count === 0) throw new DomainError('INVALID_PARAMETER', 'losses: an empty sample has no quantile', 'losses');
  const below = Math.min(count - 1, Math.floor(place + 1e-12 * count));
  const [low, high] = [sorted[below] as number, sorted[Math.min(count - 1, below + 1)] as number];
  const valueAtRisk = low + Math.max(0, place - below) * (high - low);
  return { valueAtRisk, expectedShortfall: tailMean(sorted, count * (1 - confidence)) };
}

/** Copies a sample in ascending order. @throws DomainError 'NOT_FINITE' for a loss that is not a number */
export function sortLosses(losses: ArrayLike<number>): Float64Array {
  const sorted = Float64Array.from(losses).sort();
  const failed = sorted.findIndex((loss) => !Number.isFinite(loss));
  if (failed >= 0) throw new DomainError('NOT_FINITE', `losses: a loss is ${sorted[failed]}`, 'losses');
  return sorted;
}

/**
 * Standard error of the expected shortfall of independent losses: √((σ²_tail + c·(ES − VaR)²) / (n·(1 − c))), σ²_tail the
 * variance beyond VaR (J. Manistre and G. Hancock, "Variance of the CTE estimator", NAAJ 9 (2005) 129–156).
 *
 * @param effectiveCount  independent observations that the sample is worth; its length when absent
 */
export function shortfallStandardError(
  sorted: Float64Array,
  confidence: number,
  effectiveCount: number = sorted.length,
): number {
  const { valueAtRisk, expectedShortfall } = tailFigures(sorted, confidence);
  let [squares, count] = [0, 0];
  for (let index = sorted.length - 1; index >= 0 && (sorted[index] as number) >= valueAtRisk; index -= 1) {
    squares += ((sorted[index] as number) - expectedShortfall) ** 2;
    count += 1;
  }
  const variance = count > 1 ? squares / (count - 1) : 0;
  const distance = expectedShortfall - valueAtRisk;
  return Math.sqrt((variance + confidence * distance * distance) / (effectiveCount * (1 - confidence)));
}

function tailMean(sorted: Float64Array, mass: number): number {
  const count = sorted.length;
  if (mass <= 1) return sorted[count - 1] as number;
  const nearest = Math.round(mass);
  const whole = Math.abs(mass - nearest) < 1e-9 * count ? nearest : Math.floor(mass);
  const rest = Math.max(0, mass - whole);
  let sum = 0;
  for (let index = count - 1; index >= count - whole; index -= 1) sum += sorted[index] as number;
  const partly = rest > 1e-9 * count && whole < count ? rest * (sorted[count - 1 - whole] as number) : 0;
  return (sum + partly) / (partly === 0 ? whole : mass);
}
