import {
  IdempotencyStore,
  type RiskParameterSet,
  RiskParameterStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** What a second person decides on a proposal. */
export interface ParameterDecision {
  /** Chosen by the client: the same key decides once and gets the same answer. */
  readonly idempotencyKey: string;
  readonly parameterSetId: string;
  readonly status: 'APPROVED' | 'REJECTED';
}

/** Approves or rejects a proposed parameter set; whoever proposed it may do neither. Rejected sets are kept. */
@Injectable()
export class DecideRiskParameters {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly parameterSets: RiskParameterStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN'; 'NOT_FOUND'; 'SECOND_PERSON_REQUIRED' when the proposer decides; 'CONFLICT' when it
   *         is decided already
   */
  async execute(principal: Principal, decision: ParameterDecision): Promise<RiskParameterSet> {
    requirePermission(principal, 'decide-parameters');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot decide on parameters of the firm');
    const { parameterSetId, status } = decision;
    const key = requireIdempotencyKey(decision.idempotencyKey);
    const context = { firmId: principal.firmId };
    await this.idempotency.once(
      context,
      { operation: 'decideRiskParameters', key, request: { parameterSetId, status, by: principal.subject } },
      async (tx) => {
        await this.decide(tx, { id: parameterSetId, status, decidedBy: principal.subject });
        return {};
      },
    );
    const set = await this.parameterSets.findById(context, parameterSetId);
    if (set === null) throw new UseCaseError('NOT_FOUND', 'no parameter set has that id', 'parameterSetId');
    return set;
  }

  private async decide(
    tx: TenantTransaction,
    decision: Parameters<RiskParameterStore['decide']>[1],
  ): Promise<RiskParameterSet> {
    const { id, decidedBy } = decision;
    const set = await this.parameterSets.findById(tx, id);
    if (set === null) throw new UseCaseError('NOT_FOUND', 'no parameter set has that id', 'parameterSetId');
    if (set.status !== 'PROPOSED') {
      const when = `the parameter set was ${set.status.toLowerCase()} by ${set.decidedBy}`;
      throw new UseCaseError('CONFLICT', when, 'parameterSetId');
    }
    if (set.proposedBy === decidedBy) {
      const message = `${decidedBy} proposed the parameter set; another person has to decide`;
      throw new UseCaseError('SECOND_PERSON_REQUIRED', message, 'parameterSetId');
    }
    return this.parameterSets.decide(tx, decision);
  }
}
