import type { Instant, UnderlyingKind } from '@ballast/domain';
import { Entity } from 'typeorm';
import { InstantColumn, TextColumn, UuidColumn } from './columns';

/** What contracts are written on. */
@Entity('underlyings')
export class UnderlyingEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ name: 'underlying_id', primary: true })
  underlyingId!: string;

  @TextColumn({})
  kind!: UnderlyingKind;

  @TextColumn({})
  currency!: string;

  @InstantColumn({ name: 'created_at', default: () => 'current_instant()' })
  createdAt!: Instant;
}
