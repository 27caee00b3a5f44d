import {
  BufferHistoryStore,
  bufferStatuses,
  type BufferObservation,
  type BufferStatus,
  MarginRunStore,
  RunListener,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from './principal';
import { endedWith, openRunEvents, type RunEventQueue, type Stream } from './run-events';
import { UseCaseError } from './use-case-error';

/** Whose buffers are watched. */
export interface BufferWatch {
  /** Only these accounts; all the caller may see when absent. */
  readonly accountIds?: readonly string[] | undefined;
  /** Only observations at this step of the ladder or a worse one; INDETERMINATE is the worst. */
  readonly statusAtLeast?: BufferStatus | undefined;
  /** Begins with the newest observation of each account from runs that ended after this one. */
  readonly afterRunId?: string | undefined;
}

const pageSize = 500;
const accountIdsMaximum = 1_000;

/** Follows the newest buffer of accounts, run by run. */
@Injectable()
export class WatchBuffers {
  constructor(
    private readonly listener: RunListener,
    private readonly runs: MarginRunStore,
    private readonly history: BufferHistoryStore,
  ) {}

  /**
   * Opens the watch before the first observation is asked for, so that nothing between is missed. Observations are read
   * a page at a time and only as fast as they are taken. After a lost connection to the record the newest observation of
   * every watched account that changed meanwhile follows.
   *
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND' for an unknown `afterRunId`
   */
  async open(principal: Principal, watch: BufferWatch): Promise<Stream<BufferObservation>> {
    requirePermission(principal, 'read-accounts');
    if ((watch.accountIds?.length ?? 0) > accountIdsMaximum)
      throw new UseCaseError('BAD_USER_INPUT', `accountIds: expected at most ${accountIdsMaximum}`, 'accountIds');
    const { firmId, accountIds } = principal;
    const scope = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const events = await openRunEvents(this.listener, firmId);
    try {
      if (watch.afterRunId !== undefined && (await this.runs.findById(scope, watch.afterRunId)) === null)
        throw new UseCaseError('NOT_FOUND', 'no such margin run', 'afterRunId');
    } catch (failure) {
      events.close();
      throw failure;
    }
    return endedWith(this.follow(scope, watch, events), events);
  }

  private async *follow(
    scope: Pick<Principal, 'firmId' | 'accountIds'>,
    watch: BufferWatch,
    events: RunEventQueue,
  ): AsyncGenerator<BufferObservation, void> {
    let seen = watch.afterRunId;
    try {
      if (seen !== undefined) yield* this.read(scope, watch, { afterRunId: seen });
      for (;;) {
        const event = await events.next();
        if (event === null) return;
        if (event === 'gap') {
          if (seen !== undefined) yield* this.read(scope, watch, { afterRunId: seen });
        } else if (event.state === 'COMPLETED' || event.state === 'PARTIAL') {
          yield* this.read(scope, watch, { runId: event.runId });
          seen = event.runId;
        }
      }
    } finally {
      events.close();
    }
  }

  private async *read(
    scope: Pick<Principal, 'firmId' | 'accountIds'>,
    watch: BufferWatch,
    of: { readonly runId: string } | { readonly afterRunId: string },
  ): AsyncGenerator<BufferObservation, void> {
    const least = watch.statusAtLeast === undefined ? 0 : bufferStatuses.indexOf(watch.statusAtLeast);
    const { firmId, accountIds } = scope;
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    for (let after: string | undefined; ;) {
      const request = { of, accountIds: watch.accountIds, after, first: pageSize };
      const page = await this.history.findNewest(context, request);
      for (const observation of page) if (bufferStatuses.indexOf(observation.status) >= least) yield observation;
      after = page.at(-1)?.accountId;
      if (page.length < pageSize) return;
    }
  }
}
