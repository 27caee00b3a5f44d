import { instantOf, type Instant } from '@ballast/domain';
import { MarginCallStore, RunListener, type StoredMarginCall } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from './principal';
import { endedWith, openRunEvents, type RunEvent, type RunEventQueue, type Stream } from './run-events';
import { UseCaseError } from './use-case-error';

/** Whose margin calls are watched. */
export interface MarginCallWatch {
  /** Only these accounts; all the caller may see when absent. */
  readonly accountIds?: readonly string[] | undefined;
  /** Begins with the calls that the record learnt of after this instant. */
  readonly since?: Instant | undefined;
}

const pageSize = 500;
const accountIdsMaximum = 1_000;

/** Follows the margin calls that runs raise. */
@Injectable()
export class WatchMarginCalls {
  constructor(
    private readonly listener: RunListener,
    private readonly calls: MarginCallStore,
  ) {}

  /**
   * Opens the watch before the first call is read, so that nothing between is missed; after a lost connection to the
   * record the calls raised meanwhile follow.
   *
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'
   */
  async open(principal: Principal, watch: MarginCallWatch): Promise<Stream<StoredMarginCall>> {
    requirePermission(principal, 'read-accounts');
    if ((watch.accountIds?.length ?? 0) > accountIdsMaximum)
      throw new UseCaseError('BAD_USER_INPUT', `accountIds: expected at most ${accountIdsMaximum}`, 'accountIds');
    const events = await openRunEvents(this.listener, principal.firmId);
    return endedWith(this.follow(principal, watch, events), events);
  }

  private async *follow(
    { firmId, accountIds }: Principal,
    watch: MarginCallWatch,
    events: RunEventQueue,
  ): AsyncGenerator<StoredMarginCall, void> {
    const scope = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    const wanted = watch.accountIds === undefined ? null : new Set(watch.accountIds);
    let latest = watch.since;
    try {
      for (let event: RunEvent | null = 'gap'; event !== null; event = await events.next()) {
        if (event !== 'gap' && event.state !== 'COMPLETED' && event.state !== 'PARTIAL') continue;
        const raised =
          event === 'gap'
            ? await this.findMissed(scope, watch, latest)
            : await this.calls.findRaisedByRun(scope, event.runId);
        for (const call of raised) {
          if (wanted?.has(call.accountId) === false || (latest !== undefined && call.knownAt < latest)) continue;
          yield call;
        }
        latest = instantOf(Math.max(latest ?? 0, ...raised.map(({ knownAt }) => knownAt)));
      }
    } finally {
      events.close();
    }
  }

  private async findMissed(
    scope: Pick<Principal, 'firmId' | 'accountIds'>,
    { accountIds }: MarginCallWatch,
    at: Instant | undefined,
  ): Promise<StoredMarginCall[]> {
    if (at === undefined) return [];
    const { firmId, accountIds: limited } = scope;
    const context = { firmId, ...(limited === undefined ? {} : { accountIds: limited }) };
    return this.calls.findRaisedSince(context, { at, accountIds, first: pageSize });
  }
}
