import { DomainError } from '@ballast/domain';
import { requireWithin } from '../tail/risk-question';

/** What breach probability is asked for. */
export interface BreachQuestion {
  /** Trading days, 1 … 250. */
  readonly horizonDays: number;
  /** Instants of equal distance at which the account is revalued on a path, 1 … 100; expiries are added. */
  readonly steps: number;
  /** λ of the exponential weights of volatility and correlation, 0.8 … 0.9999. */
  readonly decay: number;
  /** Paths per replicate, a power of two 64 … 65536. */
  readonly paths: number;
  /** Replicates, 2 … 64. */
  readonly replicates: number;
  /** 0 … 2³² − 1 */
  readonly seed: number;
  /** Annual volatilities that replace those of the history, by underlying. */
  readonly volatilities: Readonly<Record<string, number>>;
}

/** What holds where nothing is said: 10 days in 10 steps, 8 × 1,024 paths. */
export const defaultBreachQuestion: BreachQuestion = {
  horizonDays: 10,
  steps: 10,
  decay: 0.97,
  paths: 1024,
  replicates: 8,
  seed: 1,
  volatilities: {},
};

/** @throws DomainError 'INVALID_PARAMETER' naming the field and the value */
export function checkBreachQuestion(question: BreachQuestion): void {
  const { paths } = question;
  requireWithin('horizonDays', question.horizonDays, [1, 250], true);
  requireWithin('steps', question.steps, [1, 100], true);
  requireWithin('decay', question.decay, [0.8, 0.9999]);
  requireWithin('paths', paths, [64, 65536], true);
  requireWithin('replicates', question.replicates, [2, 64], true);
  requireWithin('seed', question.seed, [0, 4294967295], true);
  for (const [id, volatility] of Object.entries(question.volatilities))
    requireWithin(`volatilities.${id}`, volatility, [0, 20]);
  if ((paths & (paths - 1)) !== 0)
    throw new DomainError('INVALID_PARAMETER', `paths: expected a power of two, got ${paths}`, 'paths');
}
