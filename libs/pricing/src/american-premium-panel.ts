/**
 * One stretch of the premium integral on one exercise curve.
 */
import type { PutProblem } from './american-put-problem';
import type { QuadratureRule } from './gauss-legendre';

/** A stretch start … end in t, √(s/T) = 2t/(1 + t²), and the terms at its nodes that spot and strike do not change. */
export interface PremiumPanel {
  readonly put: PutProblem;
  readonly rule: QuadratureRule;
  readonly start: number;
  readonly end: number;
  /** Holds the terms from index `from` to before `to`, laid out as american-premium-panels.ts says. */
  readonly terms: Float64Array;
  readonly from: number;
  readonly to: number;
}
