import type { RiskMethod } from './risk-question';

/** Tail of one part of the account looked at alone [base currency], losses > 0. */
export interface StandaloneTail {
  readonly underlyingIds: readonly string[];
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
}

/** One of the worst outcomes of a historical simulation. */
export interface WorstDay {
  /** Day on which the move ended. */
  readonly date: string;
  /** [base currency], loss > 0 */
  readonly loss: number;
}

/** Value at risk and expected shortfall with what they can be relied on for. Amounts in base currency, losses > 0. */
export interface RiskEstimate {
  readonly method: RiskMethod;
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /** Standard error; null for the parametric method, which has no sampling error. */
  readonly valueAtRiskError: number | null;
  readonly expectedShortfallError: number | null;
  /** Interval that covers the true value at risk with the stated probability; null for the parametric method. */
  readonly interval: { readonly low: number; readonly high: number; readonly coverage: number } | null;
  readonly standalone: readonly StandaloneTail[];
  /** Sum of the standalone figures − the figure of the account: what correlation saves, ≥ 0 as a rule. */
  readonly diversification: { readonly valueAtRisk: number; readonly expectedShortfall: number };
  /** Outcomes looked at: days, or paths × replicates. */
  readonly observations: number;
  /** Largest difference found between the interpolated and the full revaluation [base currency]; 0 = all in full. */
  readonly revaluationError: number;
  readonly worst: readonly WorstDay[];
  readonly warnings: readonly string[];
}

/** Sum of the parts − the whole. */
export function diversificationOf(
  standalone: readonly StandaloneTail[],
  whole: Pick<RiskEstimate, 'valueAtRisk' | 'expectedShortfall'>,
): RiskEstimate['diversification'] {
  let [valueAtRisk, expectedShortfall] = [-whole.valueAtRisk, -whole.expectedShortfall];
  for (const part of standalone) {
    valueAtRisk += part.valueAtRisk;
    expectedShortfall += part.expectedShortfall;
  }
  return { valueAtRisk, expectedShortfall };
}
