import { type Instant, instantOf } from '@ballast/domain';
import { FirmStore } from '@ballast/persistence';
import { AdvanceMarginCalls, DeliverWebhooks, deliverySettings, FirmTurns, type FirmWork } from '@ballast/use-cases';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { writeLogLine } from '../http/process-log';

/** How often deadlines of calls and waiting notifications are looked at [ms]. */
const periodUsualMs = 5_000;

/** Firms whose calls are advanced at a time: each holds a connection to the record. */
const advancedAtATime = 4;

/** Firms whose notifications are delivered at a time: each waits for receivers, up to their timeout. */
const deliveredAtATime = 32;

/** What the clock goes by. */
export interface MarginCallClockOptions {
  readonly allowPrivateWebhooks: boolean;
  /** Time between two looks [ms]; 5 s when absent. */
  readonly periodMs?: number;
  /** By which deadlines are judged and notifications are due; the clock of the system when absent. */
  readonly now?: () => Instant;
}

/**
 * Looks at deadlines and notifications until the service stops, each by a timer of its own, so that a receiver that does
 * not answer delays no deadline and no other firm; a failure is logged and the next turn of the firm tries again.
 */
@Injectable()
export class MarginCallClock implements OnModuleDestroy {
  private timers: NodeJS.Timeout[] = [];
  private turns: FirmTurns[] = [];

  constructor(
    private readonly firms: FirmStore,
    private readonly advance: AdvanceMarginCalls,
    private readonly webhooks: DeliverWebhooks,
  ) {}

  start({
    allowPrivateWebhooks,
    periodMs = periodUsualMs,
    now = () => instantOf(Date.now()),
  }: MarginCallClockOptions): void {
    if (this.timers.length > 0) return;
    const settings = { ...deliverySettings, allowPrivate: allowPrivateWebhooks };
    this.repeat(periodMs, 'margin-call deadlines were not looked at', {
      turn: (firmId) => this.advance.execute(firmId, now()),
      parallelism: advancedAtATime,
    });
    this.repeat(periodMs, 'notifications were not delivered', {
      turn: (firmId) => this.webhooks.execute(firmId, now, settings),
      parallelism: deliveredAtATime,
    });
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.turns.map((turns) => turns.stop()));
  }

  private repeat(periodMs: number, message: string, work: Omit<FirmWork, 'onFailure'>): void {
    const warn = (failure: unknown, firmId?: string): void =>
      writeLogLine({ level: 'warn', message, ...(firmId === undefined ? {} : { firmId }), reason: String(failure) });
    const turns = new FirmTurns({ ...work, onFailure: (firmId, failure) => warn(failure, firmId) });
    const timer = setInterval(() => {
      this.firms.findAll().then((firms) => turns.request(firms.map(({ id }) => id)), warn);
    }, periodMs);
    timer.unref();
    this.timers.push(timer);
    this.turns.push(turns);
  }
}
