import {
  BufferHistoryStore,
  bufferStatuses,
  type BufferObservation,
  type BufferStatus,
  HeldRequirementStore,
  MarginRunStore,
  type RunOutcome,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { scopeOfWatch } from '../account/account-watch';
import type { Principal } from '../caller/principal';
import { endedWith, type Stream } from '../run/run-events';
import { UseCaseError } from '../caller/use-case-error';
import { type OutcomesFrom, type WatchedOutcomes, WatchRunOutcomes } from '../run/watch-run-outcomes';

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

/** Observations that are asked for: those of runs, of some accounts or of all. */
interface Wanted {
  readonly runIds: readonly string[];
  readonly accountIds: readonly string[] | undefined;
}

/** Follows the newest buffer of accounts, run by run, and what the confirmation of held figures makes of it. */
@Injectable()
export class WatchBuffers {
  constructor(
    private readonly outcomes: WatchRunOutcomes,
    private readonly runs: MarginRunStore,
    private readonly held: HeldRequirementStore,
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
    const scope = scopeOfWatch(principal, watch.accountIds);
    const watched = await this.outcomes.open(scope, await this.findStart(scope, watch.afterRunId));
    return endedWith(this.follow(scope, watch, watched), watched.events);
  }

  private async findStart(scope: TenantContext, afterRunId: string | undefined): Promise<OutcomesFrom | undefined> {
    if (afterRunId === undefined) return undefined;
    const run = await this.runs.findById(scope, afterRunId);
    if (run === null) throw new UseCaseError('NOT_FOUND', 'no such margin run', 'afterRunId');
    // Of a run that is still open nothing was seen yet: its end comes too.
    return run.finishedAt === null ? { at: run.startedAt } : { at: run.finishedAt, exceptRunId: run.id };
  }

  private async *follow(
    scope: TenantContext,
    watch: BufferWatch,
    { batches, events }: WatchedOutcomes,
  ): AsyncGenerator<BufferObservation, void> {
    const least = watch.statusAtLeast === undefined ? 0 : bufferStatuses.indexOf(watch.statusAtLeast);
    try {
      for await (const batch of batches)
        for (const wanted of await this.observationsOf(scope, watch, batch))
          for await (const observation of this.read(scope, wanted))
            if (bufferStatuses.indexOf(observation.status) >= least) yield observation;
    } finally {
      events.close();
    }
  }

  /** Ends of runs are read at once; a confirmation concerns accounts of its own, unless the end of its run comes with it. */
  private async observationsOf(
    scope: TenantContext,
    { accountIds }: BufferWatch,
    batch: readonly RunOutcome[],
  ): Promise<Wanted[]> {
    const runIds = batch.filter(({ releasedAt }) => releasedAt === null).map(({ runId }) => runId);
    const wanted: Wanted[] = runIds.length === 0 ? [] : [{ runIds, accountIds }];
    for (const { runId, releasedAt } of batch) {
      if (releasedAt === null || runIds.includes(runId)) continue;
      const holds = await this.held.findByRun(scope, runId, { open: false });
      const released = holds.filter(({ confirmation }) => confirmation?.confirmedAt === releasedAt);
      const named = released.map(({ accountId }) => accountId).filter((id) => accountIds?.includes(id) !== false);
      if (named.length > 0) wanted.push({ runIds: [runId], accountIds: named });
    }
    return wanted;
  }

  private async *read(scope: TenantContext, wanted: Wanted): AsyncGenerator<BufferObservation, void> {
    for (let after: string | undefined; ;) {
      const page = await this.history.findNewest(scope, { ...wanted, after, first: pageSize });
      yield* page;
      after = page.at(-1)?.accountId;
      if (page.length < pageSize) return;
    }
  }
}
