import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { InstantColumn, TextColumn, UuidColumn } from './columns';

/** A tenant. */
@Entity('firms')
export class FirmEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({})
  code!: string;

  @TextColumn({})
  name!: string;

  @InstantColumn({ name: 'created_at', default: () => 'current_instant()' })
  createdAt!: Instant;
}
