import { type Instant, instantOf, parseInstant } from '@ballast/domain';
import { FirmStore, HistoryChainStore, PersistenceError } from '@ballast/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { AdvanceMarginCalls } from '../margin-call/advance-margin-calls';
import type { ScheduledWork } from '../engine/run-worker';
import { MaintainHistory } from '../history/maintain-history';
import { crontabOf, type ScheduleName, scheduleNames, type ScheduleSettings, scheduleTask } from './schedule-crontab';
import { ScheduledRuns } from './scheduled-runs';

/** Does what is due by the clock, for every firm; a worker takes these jobs like any other. */
@Injectable()
export class Schedules {
  private readonly logger = new Logger(Schedules.name);

  constructor(
    private readonly firms: FirmStore,
    private readonly runs: ScheduledRuns,
    private readonly calls: AdvanceMarginCalls,
    private readonly maintainHistory: MaintainHistory,
    private readonly chains: HistoryChainStore,
  ) {}

  /** The crontab and its tasks, for a worker that is to mind them. */
  work(settings: ScheduleSettings): ScheduledWork {
    const tasks = scheduleNames.map((name) => [
      scheduleTask(name),
      (payload: unknown) => this.execute(name, dueOf(payload), settings),
    ]);
    return { crontab: crontabOf(settings), tasks: Object.fromEntries(tasks) as ScheduledWork['tasks'] };
  }

  /**
   * @param due  when it was to be done; earlier than now when it fell into a stop
   * @throws Error when it failed for a firm; what was done for the others stays, and a repetition leaves it as it is
   */
  async execute(name: ScheduleName, due: Instant, settings: ScheduleSettings): Promise<void> {
    if (name === 'maintain') return this.maintain(settings);
    const now = instantOf(Date.now());
    const failures: string[] = [];
    for (const { id: firmId, code } of await this.firms.findAll()) {
      try {
        if (name === 'end-of-day') await this.runs.endOfDay(firmId, due);
        else if (name === 'intraday') await this.runs.intraday(firmId, now);
        else if (name === 'positions') await this.runs.restated(firmId);
        else if (name === 'calls') await this.calls.execute(firmId, now);
        else if (name === 'roll-ups') await this.maintainHistory.rollUp(firmId);
        else await this.chains.keepHead({ firmId });
      } catch (failure) {
        failures.push(`${code}: ${failure instanceof Error ? failure.message : String(failure)}`);
      }
    }
    if (failures.length > 0) throw new Error(`${name} failed for ${failures.join('; ')}`);
  }

  private async maintain({ keepMonths }: ScheduleSettings): Promise<void> {
    const keep = keepMonths === undefined ? {} : { keepMonths };
    const command = { now: instantOf(Date.now()), dryRun: false, operator: 'schedule' };
    try {
      await this.maintainHistory.execute({ ...command, ...keep });
    } catch (failure) {
      if (!(failure instanceof PersistenceError) || failure.code !== 'CONFIGURATION_INVALID') throw failure;
      this.logger.warn(`no month was given up: ${failure.message}`);
    }
  }
}

/** When graphile-worker says that a job was due; now for one that somebody put into the queue by hand. */
function dueOf(payload: unknown): Instant {
  const { _cron: cron } = (payload ?? {}) as { readonly _cron?: { readonly ts?: unknown } };
  return cron?.ts === undefined ? instantOf(Date.now()) : parseInstant(cron.ts, 'ts');
}
