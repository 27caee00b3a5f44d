import { advanceMarginCall, approveWaiver, proposeWaiver } from '@ballast/buffer';
import type { Instant } from '@ballast/domain';
import type { StoredMarginCall } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { ChangeMarginCall } from './change-margin-call';
import { MarginCallTermsReader } from './margin-call-terms-reader';
import { type Principal, requirePermission } from '../caller/principal';
import { requireSentence } from '../caller/required-text';

export interface WaiveMarginCallCommand {
  readonly idempotencyKey: string;
  readonly callId: string;
  /** Why, one line of 1 to 1000 characters; kept with the call. */
  readonly reason: string;
  readonly now: Instant;
}

/** Lets a margin call be: the first person proposes, another one approves. Once per key. */
@Injectable()
export class WaiveMarginCall {
  constructor(
    private readonly change: ChangeMarginCall,
    private readonly terms: MarginCallTermsReader,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND'; DomainError 'CONFLICT' when nothing is awaited,
   *         'SECOND_PERSON_REQUIRED' when the proposer asks again
   */
  async execute(principal: Principal, command: WaiveMarginCallCommand): Promise<StoredMarginCall> {
    requirePermission(principal, 'manage-margin-calls');
    const { idempotencyKey: key, callId, now: at } = command;
    const reason = requireSentence(command.reason, 'reason');
    const act = { actor: principal.subject, at, reason };
    // The key belongs to the person too: two people may choose the same one.
    const body = { reason, subject: principal.subject };
    return this.change.execute(principal, { operation: 'waiveMarginCall', key, callId, body }, async (tx, call) => {
      if (call.waiver === null) return [proposeWaiver(call, act)];
      const terms = await this.terms.read(tx, at);
      const passed = advanceMarginCall(call, terms, at);
      return [...passed, approveWaiver(passed.at(-1)?.call ?? call, { ...act, terms })];
    });
  }
}
