import type { MarginCallEvent } from '@ballast/buffer';
import { IdempotencyStore, MarginCallStore, type StoredMarginCall, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** Does one act on a margin call once per key: the call is locked, the act decided and written in one transaction. */
@Injectable()
export class ChangeMarginCall {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly calls: MarginCallStore,
  ) {}

  /**
   * @param request.body  what the client asked for; another one under the same key is refused
   * @returns the call as it is now
   * @throws UseCaseError 'NOT_FOUND' for a call that is not there; what `decide` throws; PersistenceError 'CONFLICT' when
   *         the key was used for another request
   */
  async execute(
    principal: Principal,
    request: { readonly operation: string; readonly key: string; readonly callId: string; readonly body: unknown },
    decide: (tx: TenantTransaction, call: StoredMarginCall) => Promise<readonly MarginCallEvent[]>,
  ): Promise<StoredMarginCall> {
    const { operation, callId, body } = request;
    const key = requireIdempotencyKey(request.key);
    const { firmId, accountIds } = principal;
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    await this.idempotency.once(context, { operation, key, request: { callId, body } }, async (tx) => {
      const call = await this.calls.lock(tx, callId);
      if (call === null) throw notFound();
      await this.calls.append(tx, await decide(tx, call));
      return { callId };
    });
    const call = await this.calls.findById(context, callId);
    if (call === null) throw notFound();
    return call;
  }
}

function notFound(): UseCaseError {
  return new UseCaseError('NOT_FOUND', 'no margin call has that id', 'callId');
}
