import type { Instant } from '@ballast/domain';
import { MarginCallStore, type StoredMarginCall, type TenantContext } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { scopeOfWatch } from '../account/account-watch';
import type { Principal } from '../caller/principal';
import { RecentKeys } from '../question/recent-keys';
import { endedWith, type Stream } from '../run/run-events';
import { type WatchedOutcomes, WatchRunOutcomes } from '../run/watch-run-outcomes';

/** Whose margin calls are watched. */
export interface MarginCallWatch {
  /** Only these accounts; all the caller may see when absent. */
  readonly accountIds?: readonly string[] | undefined;
  /**
   * Begins with the calls that the record learnt of after this instant, oldest first, then those of runs that ended after
   * it; the same call comes once.
   */
  readonly since?: Instant | undefined;
}

const pageSize = 500;

/** Calls whose second telling is prevented; an older one may come again, never be left out. */
const toldMaximum = 10_000;

/** Follows the margin calls that runs raise, and those that the confirmation of held figures raises. */
@Injectable()
export class WatchMarginCalls {
  constructor(
    private readonly outcomes: WatchRunOutcomes,
    private readonly calls: MarginCallStore,
  ) {}

  /**
   * Opens the watch before the first call is read, so that nothing between is missed; after a lost connection to the
   * record the calls raised meanwhile follow. A call is known by its identifier and not by its time: shards of a run
   * that ends late have raised theirs before those of runs told earlier.
   *
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'
   */
  async open(principal: Principal, watch: MarginCallWatch): Promise<Stream<StoredMarginCall>> {
    const scope = scopeOfWatch(principal, watch.accountIds);
    const watched = await this.outcomes.open(scope, watch.since === undefined ? undefined : { at: watch.since });
    return endedWith(this.follow(scope, watch, watched), watched.events);
  }

  private async *follow(
    scope: TenantContext,
    watch: MarginCallWatch,
    { batches, events }: WatchedOutcomes,
  ): AsyncGenerator<StoredMarginCall, void> {
    const wanted = watch.accountIds === undefined ? null : new Set(watch.accountIds);
    const told = new RecentKeys(toldMaximum);
    const isNews = ({ id, accountId }: StoredMarginCall): boolean => wanted?.has(accountId) !== false && told.add(id);
    try {
      for await (const call of this.readKnownAfter(scope, watch)) if (isNews(call)) yield call;
      for await (const batch of batches)
        for (const { runId, releasedAt } of batch)
          for (const call of await this.calls.findRaisedByRun(scope, runId))
            if ((releasedAt === null || call.knownAt >= releasedAt) && isNews(call)) yield call;
    } finally {
      events.close();
    }
  }

  private async *readKnownAfter(
    scope: TenantContext,
    { since, accountIds }: MarginCallWatch,
  ): AsyncGenerator<StoredMarginCall, void> {
    let beyond: StoredMarginCall | undefined;
    for (let at = since; at !== undefined;) {
      const page = await this.calls.findRaisedSince(scope, { at, beyond, accountIds, first: pageSize });
      yield* page;
      beyond = page.at(-1);
      at = page.length < pageSize ? undefined : beyond?.knownAt;
    }
  }
}
