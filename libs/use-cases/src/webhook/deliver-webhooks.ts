import { type Instant, instantOf } from '@ballast/domain';
import { type ClaimedDelivery, type DeliveryOutcome, WebhookStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { sendWebhook } from './send-webhook';

/** How patiently notifications are delivered. */
export interface DeliverySettings {
  /** Attempts before a delivery is DEAD. */
  readonly attempts: number;
  /** Wait after the first failure [ms]; doubles with every further one … */
  readonly firstDelayMs: number;
  /** … up to this [ms]. */
  readonly longestDelayMs: number;
  readonly timeoutMs: number;
  readonly allowPrivate: boolean;
}

/** Ten attempts over some eight hours: 30 s, 1 min, 2 min, … 2 h. */
export const deliverySettings: DeliverySettings = {
  attempts: 10,
  firstDelayMs: 30_000,
  longestDelayMs: 7_200_000,
  timeoutMs: 10_000,
  allowPrivate: false,
};

export interface DeliveryReport {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
}

const batchSize = 20;

/** Wait after the nth failed attempt: first × 2^(n−1), at most the longest. No jitter: the schedule is the same every time. */
export function delayAfter(
  attempt: number,
  settings: Pick<DeliverySettings, 'firstDelayMs' | 'longestDelayMs'>,
): number {
  return Math.min(settings.firstDelayMs * 2 ** Math.min(attempt - 1, 40), settings.longestDelayMs);
}

/** Delivers notifications to webhooks at least once: an attempt counts when the receiver answers 2xx. */
@Injectable()
export class DeliverWebhooks {
  constructor(private readonly webhooks: WebhookStore) {}

  /**
   * Delivers one batch of what is due in a firm.
   *
   * @param now  clock, read when deliveries are taken, when one is signed and when one has failed: what is stated holds
   *             then, however long others took before
   */
  async execute(
    firmId: string,
    now: () => Instant,
    settings: DeliverySettings = deliverySettings,
  ): Promise<DeliveryReport> {
    // The lease outlives the attempt, so that nobody else takes it while it is under way.
    const claim = { at: now(), leaseMs: settings.timeoutMs * 3, limit: batchSize };
    const due = await this.webhooks.claim({ firmId }, claim);
    const outcomes = await Promise.all(due.map((delivery) => this.attempt({ firmId }, delivery, now, settings)));
    const count = (state: DeliveryOutcome['state']): number => outcomes.filter((each) => each.state === state).length;
    return { delivered: count('DELIVERED'), failed: count('PENDING'), dead: count('DEAD') };
  }

  private async attempt(
    scope: { readonly firmId: string },
    delivery: ClaimedDelivery,
    now: () => Instant,
    settings: DeliverySettings,
  ): Promise<DeliveryOutcome> {
    const outcome = await tryOnce(delivery, now, settings);
    await this.webhooks.settle(scope, delivery, outcome);
    return outcome;
  }
}

async function tryOnce(
  delivery: ClaimedDelivery,
  now: () => Instant,
  settings: DeliverySettings,
): Promise<DeliveryOutcome> {
  const { notificationId: id, kind, url, secret } = delivery;
  const body = `{"id":${JSON.stringify(id)},"kind":${JSON.stringify(kind)},"at":"${new Date(delivery.at).toISOString()}","data":${delivery.payload}}`;
  const { timeoutMs, allowPrivate } = settings;
  try {
    const timestamp = Math.floor(now() / 1_000);
    const status = await sendWebhook({ url, secret, id, kind, body, timestamp, timeoutMs, allowPrivate });
    if (status >= 200 && status < 300) return { state: 'DELIVERED', status };
    return failed(delivery, { status, error: `answered ${status}`, at: now(), settings });
  } catch (failure) {
    const error = failure instanceof Error ? failure.message : String(failure);
    return failed(delivery, { status: null, error, at: now(), settings });
  }
}

function failed(
  { attempt }: ClaimedDelivery,
  cause: {
    readonly status: number | null;
    readonly error: string;
    readonly at: Instant;
    readonly settings: DeliverySettings;
  },
): DeliveryOutcome {
  const { status, error, at, settings } = cause;
  if (attempt >= settings.attempts) return { state: 'DEAD', status, error };
  return { state: 'PENDING', status, error, nextAttemptAt: instantOf(at + delayAfter(attempt, settings)) };
}
