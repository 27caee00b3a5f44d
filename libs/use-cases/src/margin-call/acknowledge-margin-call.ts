import { acknowledgeMarginCall } from '@ballast/buffer';
import type { Instant } from '@ballast/domain';
import type { StoredMarginCall } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { ChangeMarginCall } from './change-margin-call';
import { type Principal, requirePermission } from '../caller/principal';
import { requireSentence } from '../caller/required-text';

export interface AcknowledgeMarginCallCommand {
  readonly idempotencyKey: string;
  readonly callId: string;
  /** What the client said, one line; may be left out. */
  readonly note?: string | undefined;
  readonly now: Instant;
}

/** Records that a margin call has arrived, once per key. */
@Injectable()
export class AcknowledgeMarginCall {
  constructor(private readonly change: ChangeMarginCall) {}

  /** @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND'; DomainError 'CONFLICT' in a state that has no such step */
  async execute(principal: Principal, command: AcknowledgeMarginCallCommand): Promise<StoredMarginCall> {
    requirePermission(principal, 'manage-margin-calls');
    const { idempotencyKey: key, callId, now } = command;
    const note = command.note === undefined ? null : requireSentence(command.note, 'note');
    const request = { operation: 'acknowledgeMarginCall', key, callId, body: { note } };
    return this.change.execute(principal, request, async (_tx, call) => [
      acknowledgeMarginCall(call, { actor: principal.subject, at: now, note }),
    ]);
  }
}
