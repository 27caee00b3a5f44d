import { instantOf } from '@ballast/domain';
import { FirmStore } from '@ballast/persistence';
import { AdvanceMarginCalls, DeliverWebhooks, deliverySettings } from '@ballast/use-cases';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { writeLogLine } from '../http/process-log';

/** How often deadlines of calls and waiting notifications are looked at [ms]. */
const periodMs = 5_000;

/** Looks at deadlines and notifications until the service stops; a failure is logged and the next turn tries again. */
@Injectable()
export class MarginCallClock implements OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private turn: Promise<void> = Promise.resolve();
  private busy = false;

  constructor(
    private readonly firms: FirmStore,
    private readonly advance: AdvanceMarginCalls,
    private readonly webhooks: DeliverWebhooks,
  ) {}

  start(options: { readonly allowPrivateWebhooks: boolean }): void {
    const settings = { ...deliverySettings, allowPrivate: options.allowPrivateWebhooks };
    this.timer ??= setInterval(() => {
      if (this.busy) return;
      this.busy = true;
      this.turn = this.look(settings)
        .catch((failure: unknown) =>
          writeLogLine({ level: 'warn', message: 'margin-call deadlines were not looked at', reason: String(failure) }),
        )
        .finally(() => (this.busy = false));
    }, periodMs);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.turn;
  }

  private async look(settings: typeof deliverySettings): Promise<void> {
    const at = instantOf(Date.now());
    for (const { id } of await this.firms.findAll()) await this.advance.execute(id, at);
    await this.webhooks.execute(at, settings);
  }
}
