import { DomainError } from '@ballast/domain';

/** How the distribution of profit and loss comes about. */
export const riskMethods = ['HISTORICAL', 'FILTERED_HISTORICAL', 'DELTA_GAMMA', 'MONTE_CARLO'] as const;
export type RiskMethod = (typeof riskMethods)[number];

/** What value at risk is asked for. */
export interface RiskQuestion {
  readonly method: RiskMethod;
  /** Probability that the loss is not exceeded, 0.5 … 0.9999. */
  readonly confidence: number;
  /** Trading days of the market move, 1 … 250. */
  readonly horizonDays: number;
  /** Calendar days that the contracts age meanwhile, ≥ 0; 0 = an instantaneous move. */
  readonly agingDays: number;
  /** λ of the exponential weights, 0.8 … 0.9999. */
  readonly decay: number;
  /** Monte Carlo paths per replicate, a power of two 64 … 65536. */
  readonly paths: number;
  /** Monte Carlo replicates, 2 … 64. */
  readonly replicates: number;
  /** 0 … 2³² − 1 */
  readonly seed: number;
}

/** What holds where nothing is said: 99 % over one day, λ 0.97, 8 × 4,096 paths. */
export const defaultRiskQuestion: RiskQuestion = {
  method: 'FILTERED_HISTORICAL',
  confidence: 0.99,
  horizonDays: 1,
  agingDays: 0,
  decay: 0.97,
  paths: 4096,
  replicates: 8,
  seed: 1,
};

/** @throws DomainError 'INVALID_PARAMETER' naming the field and the value */
export function checkRiskQuestion(question: RiskQuestion): void {
  const { paths } = question;
  requireWithin('confidence', question.confidence, [0.5, 0.9999]);
  requireWithin('horizonDays', question.horizonDays, [1, 250], true);
  requireWithin('agingDays', question.agingDays, [0, 3650]);
  requireWithin('decay', question.decay, [0.8, 0.9999]);
  requireWithin('paths', paths, [64, 65536], true);
  requireWithin('replicates', question.replicates, [2, 64], true);
  requireWithin('seed', question.seed, [0, 4294967295], true);
  if ((paths & (paths - 1)) !== 0)
    throw new DomainError('INVALID_PARAMETER', `paths: expected a power of two, got ${paths}`, 'paths');
}

/** @throws DomainError 'INVALID_PARAMETER' for a number outside a range, or not whole where it must be */
export function requireWithin(
  field: string,
  value: number,
  [least, most]: readonly [number, number],
  whole = false,
): void {
  if (value >= least && value <= most && (!whole || Number.isInteger(value))) return;
  const kind = whole ? 'a whole number' : 'a number';
  throw new DomainError(
    'INVALID_PARAMETER',
    `${field}: expected ${kind} from ${least} to ${most}, got ${value}`,
    field,
  );
}
