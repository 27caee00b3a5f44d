import type { CalendarDate, Decimal, Instant, LifecycleEventType } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, DecimalColumn, HashColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** An event in the life of contracts, as applied. */
@Entity('lifecycle_events')
export class LifecycleEventEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ name: 'event_id', primary: true })
  eventId!: string;

  @TextColumn({})
  type!: LifecycleEventType;

  @InstantColumn({ name: 'effective_at' })
  effectiveAt!: Instant;

  @TextColumn({ name: 'instrument_id', nullable: true })
  instrumentId!: string | null;

  @TextColumn({ name: 'underlying_id', nullable: true })
  underlyingId!: string | null;

  @TextColumn({ nullable: true })
  reverses!: string | null;

  @JsonColumn({})
  terms!: unknown;

  @HashColumn({ name: 'request_hash' })
  requestHash!: string;

  @TextColumn({})
  source!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;
}

/** What an event did to one holding or balance of an account, or a note about it. */
@Entity('lifecycle_effects')
export class LifecycleEffectEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @TextColumn({ name: 'event_id', primary: true })
  eventId!: string;

  @Column({ name: 'effect_number', type: 'integer', primary: true })
  effectNumber!: number;

  @InstantColumn({ name: 'effective_at' })
  effectiveAt!: Instant;

  @TextColumn({ name: 'instrument_id', nullable: true })
  instrumentId!: string | null;

  @DecimalColumn({ name: 'quantity_before', nullable: true })
  quantityBefore!: Decimal | null;

  @DecimalColumn({ name: 'quantity_after', nullable: true })
  quantityAfter!: Decimal | null;

  @DecimalColumn({ name: 'average_price_before', nullable: true })
  averagePriceBefore!: Decimal | null;

  @DecimalColumn({ name: 'average_price_after', nullable: true })
  averagePriceAfter!: Decimal | null;

  @TextColumn({ nullable: true })
  currency!: string | null;

  @DecimalColumn({ nullable: true })
  amount!: Decimal | null;

  @TextColumn({ nullable: true })
  note!: string | null;

  @TextColumn({ nullable: true })
  asset!: string | null;

  @JsonColumn({ name: 'pledge_before', nullable: true })
  pledgeBefore!: unknown;

  @JsonColumn({ name: 'pledge_after', nullable: true })
  pledgeAfter!: unknown;
}

/** A day that a newer version of an exchange calendar treats otherwise. */
@Entity('calendar_changes')
export class CalendarChangeEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ name: 'calendar_id', primary: true })
  calendarId!: string;

  @CountColumn({ primary: true })
  version!: number;

  @Column({ type: 'date', primary: true })
  date!: CalendarDate;

  @TextColumn({})
  change!: 'holiday' | 'session' | 'early-close';

  @TextColumn({})
  name!: string;

  @TextColumn({ nullable: true })
  close!: string | null;

  @TextColumn({})
  source!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;
}
