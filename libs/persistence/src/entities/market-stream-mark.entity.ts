import type { Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { HashColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** How far a stream of quotes was taken, what of it never came, or a file of it that was taken whole. */
@Entity('market_stream_marks')
export class MarketStreamMarkEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'mark_id', primary: true })
  markId!: string;

  @TextColumn({})
  stream!: string;

  @TextColumn({})
  kind!: 'COMMITTED' | 'GAP' | 'FILE';

  @Column({ type: 'bigint', nullable: true })
  sequence!: string | null;

  @UuidColumn({ name: 'snapshot_id', nullable: true })
  snapshotId!: string | null;

  @TextColumn({ name: 'file_name', nullable: true })
  fileName!: string | null;

  @HashColumn({ nullable: true })
  sha256!: string | null;

  @TextColumn({ nullable: true })
  reason!: string | null;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;
}
