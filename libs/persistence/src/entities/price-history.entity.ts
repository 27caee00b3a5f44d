import type { Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, DoubleColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** Price of a symbol on a day; a corrected price is a further revision. */
@Entity('price_history')
export class PriceHistoryEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ primary: true })
  symbol!: string;

  @Column('date', { name: 'price_date', primary: true })
  priceDate!: string;

  @CountColumn({ primary: true })
  revision!: number;

  /** > 0 [currency/unit] */
  @DoubleColumn({})
  price!: number;

  @TextColumn({})
  source!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;
}
