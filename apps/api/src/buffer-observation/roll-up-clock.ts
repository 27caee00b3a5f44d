import { Database, FirmStore, rollUpBacklog } from '@ballast/persistence';
import { FirmTurns } from '@ballast/use-cases';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { writeLogLine } from '../http/process-log';

/** How often the service looks for buffer history that is not rolled up [ms]. */
const periodMs = 60_000;

/**
 * Rolls up what large runs left for later, until the service stops; workers do the same by their schedule, and whoever comes
 * second does nothing. A failure is logged: answers stay exact without it, and the next turn tries again.
 */
@Injectable()
export class RollUpClock implements OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private readonly turns = new FirmTurns({
    turn: (firmId) => rollUpBacklog(this.database, { firmId }),
    onFailure: (firmId, failure) => warn(failure, firmId),
    parallelism: 1,
  });

  constructor(
    private readonly database: Database,
    private readonly firms: FirmStore,
  ) {}

  start(): void {
    this.timer ??= setInterval(() => {
      this.firms.findAll().then((firms) => this.turns.request(firms.map(({ id }) => id)), warn);
    }, periodMs).unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.turns.stop();
  }
}

function warn(failure: unknown, firmId?: string): void {
  const message = 'buffer history was not rolled up';
  writeLogLine({ level: 'warn', message, ...(firmId === undefined ? {} : { firmId }), reason: String(failure) });
}
