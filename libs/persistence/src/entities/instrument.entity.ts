import type {
  Decimal,
  Delivery,
  ExerciseStyle,
  Instant,
  InstrumentType,
  OptionRight,
  PremiumStyle,
  Settlement,
} from '@ballast/domain';
import { Entity } from 'typeorm';
import { DecimalColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** A contract; its terms never change, an adjusted contract is another one. */
@Entity('instruments')
export class InstrumentEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ name: 'instrument_id', primary: true })
  instrumentId!: string;

  @TextColumn({ name: 'underlying_id' })
  underlyingId!: string;

  @TextColumn({})
  type!: InstrumentType;

  @DecimalColumn({})
  multiplier!: Decimal;

  @TextColumn({})
  currency!: string;

  @TextColumn({})
  settlement!: Settlement;

  @TextColumn({ name: 'option_right', nullable: true })
  optionRight!: OptionRight | null;

  @DecimalColumn({ nullable: true })
  strike!: Decimal | null;

  @InstantColumn({ nullable: true })
  expiry!: Instant | null;

  @TextColumn({ nullable: true })
  exercise!: ExerciseStyle | null;

  @TextColumn({ name: 'premium_style', nullable: true })
  premiumStyle!: PremiumStyle | null;

  @TextColumn({ nullable: true })
  calendar!: string | null;

  @TextColumn({ nullable: true })
  delivery!: Delivery | null;

  @JsonColumn({ nullable: true, binary: true })
  deliverable!: unknown;

  @TextColumn({ name: 'settlement_session', nullable: true })
  settlementSession!: 'am' | null;

  @TextColumn({ name: 'adjusted_from', nullable: true })
  adjustedFrom!: string | null;

  @InstantColumn({ name: 'created_at', default: () => 'current_instant()' })
  createdAt!: Instant;
}
