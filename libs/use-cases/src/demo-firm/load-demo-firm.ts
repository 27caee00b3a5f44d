import type { Instant } from '@ballast/domain';
import { FirmStore, type PersistenceOptions } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { demoFirms } from './demo-account';
import { canLoadInThread, loadFirmInThread } from './demo-firm-thread';
import { demoDays, DemoFirmWriter } from './demo-firm-writer';

export interface DemoLoaded {
  readonly loaded: boolean;
  readonly firms: number;
  readonly accounts: number;
  readonly runs: number;
}

/**
 * Loads the demo: three firms, sixty accounts, ninety daily closes, and a margin run at each of them.
 *
 * The same instant gives the same positions, prices and figures on every machine. Each firm is one transaction, so a
 * load that is cut off leaves whole firms only, and the next call loads the missing ones. Firms load side by side, the
 * largest in a thread of its own: one computes while the database writes for another.
 */
@Injectable()
export class LoadDemoFirm {
  constructor(
    private readonly firms: FirmStore,
    private readonly writer: DemoFirmWriter,
  ) {}

  /**
   * Loads what is missing of the demo, but only into a database that holds no other firm.
   *
   * @param input.until       the history ends at the last weekday close up to this instant
   * @param input.onProgress  told after every firm and day
   * @param input.persistence  how the record is reached: with it, the largest firm is loaded in a thread of its own
   */
  async execute(input: {
    readonly until: Instant;
    readonly onProgress?: (done: number, total: number) => void;
    readonly persistence?: PersistenceOptions;
  }): Promise<DemoLoaded> {
    const present = await this.firms.findAll();
    const foreign = present.filter(({ code }) => !demoFirms.some((plan) => plan.code === code));
    const missing =
      foreign.length > 0 ? [] : demoFirms.filter((plan) => !present.some(({ code }) => code === plan.code));
    const total = missing.length * demoDays;
    const daysDone = missing.map(() => 0);
    const reportOf =
      (index: number) =>
      (day: number): void => {
        daysDone[index] = day;
        input.onProgress?.(
          daysDone.reduce((sum, days) => sum + days, 0),
          total,
        );
      };
    const { until, persistence } = input;
    const loads = missing.map((plan, index) => {
      const report = reportOf(index);
      if (index > 0 || persistence === undefined || !canLoadInThread()) return this.writer.write(plan, until, report);
      return loadFirmInThread(plan, { until, persistence, report });
    });
    // All settle before the first failure is told, so that nothing goes on in the background.
    const settled = await Promise.allSettled(loads);
    const failure = settled.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    const accounts = settled.reduce((sum, outcome) => sum + (outcome.status === 'fulfilled' ? outcome.value : 0), 0);
    return { loaded: missing.length > 0, firms: missing.length, accounts, runs: total };
  }
}
