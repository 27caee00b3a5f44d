import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { CountColumn, HashColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** A file that stored something: what came under which name, from whom, when. */
@Entity('file_deliveries')
export class FileDeliveryEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'delivery_id', primary: true })
  deliveryId!: string;

  @TextColumn({})
  kind!: 'positions' | 'balances';

  @TextColumn({ name: 'file_name' })
  fileName!: string;

  @HashColumn({})
  sha256!: string;

  @CountColumn({ name: 'row_count' })
  rowCount!: number;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;
}
