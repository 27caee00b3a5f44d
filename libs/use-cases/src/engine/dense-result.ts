import type { BufferAssessment } from '@ballast/buffer';
import type { Decimal } from '@ballast/domain';
import type { DenseSpanRequirement, MarginRequirement } from '@ballast/margin';
import type { AccountResult } from '@ballast/persistence';
import type { GuardedOutcome } from '../run/account-guard';
import type { AccountEvaluation } from '../run/evaluate-account';
import { hashResult } from '../run/result-hash';

/** The figures of a buffer, without what explains them. */
export type DenseAssessment = Pick<
  BufferAssessment,
  | 'status'
  | 'computedStatus'
  | 'equity'
  | 'collateralValue'
  | 'buffer'
  | 'bufferRatio'
  | 'excess'
  | 'reasons'
  | 'warnings'
>;

/** What was found for an account from the columns of its run. */
export interface DenseFindings {
  readonly evaluation: Pick<AccountEvaluation, 'account' | 'inEffect' | 'previousStatus'>;
  readonly requirement: DenseSpanRequirement;
  readonly assessment: DenseAssessment;
  readonly outcome: GuardedOutcome;
  readonly leverage: Decimal | null;
  readonly inputHash: string;
  /** The account evaluated in full. */
  readonly explain: () => Pick<AccountResult, 'requirement' | 'equityComponents'>;
}

/**
 * The result of an account that was evaluated from columns. What explains it is computed when somebody reads it, by name: a
 * copy of the object does not have it.
 */
export class DenseResult implements AccountResult {
  readonly accountId;
  readonly baseCurrency;
  readonly requirement: MarginRequirement;
  readonly equity;
  readonly collateralValue;
  readonly buffer;
  readonly bufferRatio;
  readonly excess;
  readonly status;
  readonly computedStatus;
  readonly leverage;
  readonly collateral = [];
  readonly quality;
  readonly qualityReasons;
  declare readonly held?: NonNullable<GuardedOutcome['held']>;
  readonly previousStatus;
  readonly parameterSetId;
  readonly parameterHash;
  readonly inputHash;
  readonly figures;
  readonly resultHash: string;
  private readonly explain;

  constructor({ evaluation, requirement, assessment, outcome, leverage, inputHash, explain }: DenseFindings) {
    const { account, inEffect, previousStatus } = evaluation;
    this.accountId = account.id;
    this.baseCurrency = account.baseCurrency;
    this.requirement = requirement.withWarnings(assessment.warnings);
    this.equity = assessment.equity;
    this.collateralValue = assessment.collateralValue;
    this.buffer = assessment.buffer;
    this.bufferRatio = assessment.bufferRatio;
    this.excess = assessment.excess;
    this.status = outcome.status;
    this.computedStatus = assessment.computedStatus;
    this.leverage = leverage;
    this.quality = outcome.quality;
    this.qualityReasons = outcome.qualityReasons;
    if (outcome.held !== undefined) this.held = outcome.held;
    this.previousStatus = previousStatus ?? null;
    this.parameterSetId = inEffect.parameterSet.id;
    this.parameterHash = inEffect.parameterSet.hash;
    this.inputHash = inputHash;
    this.figures = requirement.figures;
    this.explain = explain;
    this.resultHash = hashResult(this, this.figures);
  }

  get equityComponents(): AccountResult['equityComponents'] {
    return this.explain().equityComponents;
  }
}
