import type { Instant } from '@ballast/domain';
import { type MarginRun, MarginRunStore, RunListener } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { endedWith, openRunEvents, type RunEventQueue, type Stream } from './run-events';
import { UseCaseError } from '../caller/use-case-error';

/** How far a run has come. */
export interface MarginRunProgress {
  readonly runId: string;
  readonly state: MarginRun['state'];
  readonly accountsDone: number;
  readonly accountsTotal: number;
  /** 0…100. */
  readonly percent: number;
  /** Pace since the run was opened, or until it ended [accounts/s]; null before the first account is done. */
  readonly accountsPerSecond: number | null;
  /** Time left at the pace so far [s]; null before the first account is done, 0 at the end. */
  readonly secondsLeft: number | null;
}

/** Follows one run to its end. */
@Injectable()
export class WatchMarginRun {
  constructor(
    private readonly listener: RunListener,
    private readonly runs: MarginRunStore,
  ) {}

  /**
   * @param now  clock, for the time left
   * @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND'
   */
  async open(principal: Principal, runId: string, now: () => Instant): Promise<Stream<MarginRunProgress>> {
    requirePermission(principal, 'read-firm');
    const { firmId } = principal;
    const events = await openRunEvents(this.listener, firmId);
    const first = await this.runs.findById({ firmId }, runId).catch((failure: unknown) => {
      events.close();
      throw failure;
    });
    if (first === null) {
      events.close();
      throw new UseCaseError('NOT_FOUND', 'no such margin run', 'runId');
    }
    return endedWith(this.follow({ firmId, first, now }, events), events);
  }

  private async *follow(
    watch: { readonly firmId: string; readonly first: MarginRun; readonly now: () => Instant },
    events: RunEventQueue,
  ): AsyncGenerator<MarginRunProgress, void> {
    let run: MarginRun | null = watch.first;
    try {
      while (run !== null) {
        yield progressOf(run, watch.now());
        if (run.state !== 'RUNNING') return;
        const event = await events.next();
        if (event === null) return;
        if (event === 'gap' || event.runId === run.id) run = await this.runs.findById({ firmId: watch.firmId }, run.id);
      }
    } finally {
      events.close();
    }
  }
}

function progressOf(run: MarginRun, now: Instant): MarginRunProgress {
  const { id: runId, state, accountsDone, accountCount: accountsTotal, startedAt, finishedAt } = run;
  const percent = accountsTotal === 0 ? 100 : (100 * accountsDone) / accountsTotal;
  const seconds = Math.max(1, (finishedAt ?? now) - startedAt) / 1_000;
  const accountsPerSecond = accountsDone === 0 ? null : accountsDone / seconds;
  const left = accountsTotal - accountsDone;
  const secondsLeft = state !== 'RUNNING' ? 0 : accountsPerSecond === null ? null : left / accountsPerSecond;
  return { runId, state, accountsDone, accountsTotal, percent, accountsPerSecond, secondsLeft };
}
