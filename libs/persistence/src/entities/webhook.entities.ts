import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { CountColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** Something that others have to be told; the outbox. */
@Entity('notifications')
export class NotificationEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @UuidColumn({ name: 'notification_id', primary: true })
  notificationId!: string;

  @TextColumn({})
  kind!: string;

  @InstantColumn({})
  at!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;

  @JsonColumn({})
  payload!: unknown;
}

/** An address that a firm wants told. */
@Entity('webhook_targets')
export class WebhookTargetEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'target_id', primary: true })
  targetId!: string;

  @TextColumn({})
  url!: string;

  @TextColumn({})
  secret!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;

  @InstantColumn({ name: 'removed_at', nullable: true })
  removedAt!: Instant | null;

  @TextColumn({ name: 'removed_by', nullable: true })
  removedBy!: string | null;
}

/** A notification on its way to one target. */
@Entity('webhook_deliveries')
export class WebhookDeliveryEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @UuidColumn({ name: 'notification_id', primary: true })
  notificationId!: string;

  @UuidColumn({ name: 'target_id', primary: true })
  targetId!: string;

  @TextColumn({})
  state!: string;

  @CountColumn({})
  attempts!: number;

  @InstantColumn({ name: 'next_attempt_at', default: () => 'current_instant()' })
  nextAttemptAt!: Instant;

  @CountColumn({ name: 'last_status', nullable: true })
  lastStatus!: number | null;

  @TextColumn({ name: 'last_error', nullable: true })
  lastError!: string | null;

  @InstantColumn({ name: 'finished_at', nullable: true })
  finishedAt!: Instant | null;
}
