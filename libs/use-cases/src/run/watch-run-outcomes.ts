import { type Instant, instantOf } from '@ballast/domain';
import {
  type RecordedOutcome,
  RunListener,
  type RunOutcome,
  RunOutcomeStore,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { RecentKeys } from '../question/recent-keys';
import { openRunEvents, type RunEvent, type RunEventQueue } from './run-events';

/** Where a watch begins, when not now. */
export interface OutcomesFrom {
  /** Everything that ended or was confirmed at or after this instant … */
  readonly at: Instant;
  /** … but for the end of this run. */
  readonly exceptRunId?: string | undefined;
}

/** Outcomes of the runs of a firm as they come. */
export interface WatchedOutcomes {
  /** Ends when the events are closed. More than one at a time where some were missed: these are then oldest first. */
  readonly batches: AsyncGenerator<readonly RunOutcome[], void>;
  readonly events: RunEventQueue;
}

const pageSize = 500;
const toldMaximum = 10_000;

/**
 * A transaction states an instant and is seen only after its commit, and others may overtake it. What is asked again after
 * a lost connection begins this much earlier [ms], and what was told is left out by its name.
 */
const overlapMs = 300_000;

/** Follows ends of runs and confirmations of held figures, and finds in the record those that no message told of. */
@Injectable()
export class WatchRunOutcomes {
  constructor(
    private readonly listener: RunListener,
    private readonly outcomes: RunOutcomeStore,
  ) {}

  /** Listens before it reads where the record stands, so that nothing between is missed. */
  async open(scope: TenantContext, from?: OutcomesFrom): Promise<WatchedOutcomes> {
    const events = await openRunEvents(this.listener, scope.firmId);
    try {
      const openedAt = await this.outcomes.findNow(scope);
      const told = new RecentKeys(toldMaximum);
      const before = new RecentKeys(toldMaximum);
      if (from?.exceptRunId !== undefined) told.add(keyOf({ runId: from.exceptRunId, releasedAt: null }));
      // What ended shortly before the watch begins is no news, but a question that begins earlier would find it.
      for await (const page of this.readSince(scope, instantOf(openedAt - overlapMs)))
        for (const each of page) if (from === undefined || each.at < from.at) before.add(keyOf(each));
      return { events, batches: this.follow(scope, { from, openedAt, told, before }, events) };
    } catch (failure) {
      events.close();
      throw failure;
    }
  }

  private async *follow(
    scope: TenantContext,
    start: {
      readonly from: OutcomesFrom | undefined;
      readonly openedAt: Instant;
      readonly told: RecentKeys;
      readonly before: RecentKeys;
    },
    events: RunEventQueue,
  ): AsyncGenerator<readonly RunOutcome[], void> {
    const { from, told, before } = start;
    let mark = start.openedAt;
    if (from !== undefined) yield* this.readUntold(scope, from.at, { told, before });
    for (let event = await events.next(); event !== null; event = await events.next()) {
      if (event === 'gap') {
        const now = await this.outcomes.findNow(scope);
        yield* this.readUntold(scope, instantOf(mark - overlapMs), { told, before });
        mark = now;
        continue;
      }
      const outcome = outcomeOf(event);
      if (outcome !== null && told.add(keyOf(outcome))) yield [outcome];
    }
  }

  private async *readUntold(
    scope: TenantContext,
    at: Instant,
    { told, before }: { readonly told: RecentKeys; readonly before: RecentKeys },
  ): AsyncGenerator<readonly RunOutcome[], void> {
    for await (const page of this.readSince(scope, at)) {
      const untold = page.filter((outcome) => !before.has(keyOf(outcome)) && told.add(keyOf(outcome)));
      if (untold.length > 0) yield untold;
    }
  }

  private async *readSince(scope: TenantContext, at: Instant): AsyncGenerator<readonly RecordedOutcome[], void> {
    for (let after: RecordedOutcome | undefined; ;) {
      const page = await this.outcomes.findSince(scope, { at, after, first: pageSize });
      yield page;
      after = page.at(-1);
      if (page.length < pageSize) return;
    }
  }
}

function outcomeOf(event: Exclude<RunEvent, 'gap'>): RunOutcome | null {
  if (event.state === 'RELEASED') return { runId: event.runId, releasedAt: event.releasedAt };
  return event.state === 'COMPLETED' || event.state === 'PARTIAL' ? { runId: event.runId, releasedAt: null } : null;
}

function keyOf({ runId, releasedAt }: RunOutcome): string {
  return `${runId} ${releasedAt ?? 'end'}`;
}
