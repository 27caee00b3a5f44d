import type { Instant } from '@ballast/domain';
import { FirmStore, type PersistenceOptions } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { demoFirms, type DemoFirmPlan } from './demo-account';
import { demoDays, drawFirmBook } from './demo-firm-book';
import { canLoadInThread, loadFirmsInThread } from './demo-firm-thread';
import { DemoFirmWriter } from './demo-firm-writer';

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
 * load that is cut off leaves whole firms only, and the next call loads the missing ones.
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
   * @param input.onProgress  told after days that were written
   * @param input.onHandedOver told when a thread has all it needs, and this one may be kept busy
   * @param input.persistence  how the record is reached: with it, the firms are loaded in a thread of their own
   */
  async execute(input: {
    readonly until: Instant;
    readonly onProgress?: (done: number, total: number) => void;
    readonly onHandedOver?: () => void;
    readonly persistence?: PersistenceOptions;
  }): Promise<DemoLoaded> {
    const present = await this.firms.findAll();
    const foreign = present.filter(({ code }) => !demoFirms.some((plan) => plan.code === code));
    const missing =
      foreign.length > 0 ? [] : demoFirms.filter((plan) => !present.some(({ code }) => code === plan.code));
    const total = missing.length * demoDays;
    if (missing.length === 0) return { loaded: false, firms: 0, accounts: 0, runs: 0 };
    const daysDone = new Map<string, number>();
    const report = (firmCode: string, day: number): void => {
      daysDone.set(firmCode, day);
      const done = [...daysDone.values()].reduce((sum, days) => sum + days, 0);
      input.onProgress?.(done, total);
    };
    const { until, persistence } = input;
    const loading =
      persistence === undefined || !canLoadInThread()
        ? this.loadHere(missing, until, report)
        : loadFirmsInThread(
            missing.map(({ code }) => code),
            { until, persistence, report },
          );
    input.onHandedOver?.();
    return { loaded: true, firms: missing.length, accounts: await loading, runs: total };
  }

  private async loadHere(
    plans: readonly DemoFirmPlan[],
    until: Instant,
    report: (firmCode: string, day: number) => void,
  ): Promise<number> {
    let accounts = 0;
    for (const plan of plans) {
      const book = drawFirmBook(plan, until);
      await this.writer.write(book, (day) => report(plan.code, day));
      accounts += book.accounts.length;
    }
    return accounts;
  }
}
