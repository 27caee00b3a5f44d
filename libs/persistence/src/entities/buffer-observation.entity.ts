import type { DataQuality, Decimal, Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import type { BufferStatus } from '../buffer-status';
import { DecimalColumn, DoubleColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** Columns that buffer history and its read model share. */
abstract class ObservedBuffer {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;

  @TextColumn({})
  currency!: string;

  @DecimalColumn({ nullable: true })
  equity!: Decimal | null;

  @DecimalColumn({ nullable: true })
  maintenance!: Decimal | null;

  @DecimalColumn({ nullable: true })
  initial!: Decimal | null;

  @DecimalColumn({ nullable: true })
  buffer!: Decimal | null;

  @DecimalColumn({ name: 'buffer_ratio', nullable: true })
  bufferRatio!: Decimal | null;

  @TextColumn({})
  status!: BufferStatus;

  @TextColumn({})
  quality!: DataQuality;
}

/** One point of buffer history; monthly partitions by `at`. */
@Entity('buffer_observations')
export class BufferObservationEntity extends ObservedBuffer {
  @InstantColumn({ primary: true })
  at!: Instant;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;
}

/** The newest observation of each account. */
@Entity('latest_buffers')
export class LatestBufferEntity extends ObservedBuffer {
  @InstantColumn({})
  at!: Instant;

  @UuidColumn({ name: 'run_id' })
  runId!: string;

  /** The ratio as a double, computed by the database: what lists are ordered by. */
  @DoubleColumn({ name: 'ratio_key', nullable: true })
  ratioKey!: number | null;
}
