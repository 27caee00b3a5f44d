import type { DataQuality, Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, HashColumn, InstantColumn, TextColumn, TextListColumn, UuidColumn } from './columns';

/** Head of an immutable market snapshot. */
@Entity('market_snapshots')
export class MarketSnapshotEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'snapshot_id', primary: true })
  snapshotId!: string;

  @InstantColumn({ name: 'as_of' })
  asOf!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @HashColumn({ name: 'content_hash' })
  contentHash!: string;

  @TextColumn({})
  source!: string;

  @TextColumn({})
  quality!: DataQuality;

  @TextListColumn({ name: 'quality_reasons' })
  qualityReasons!: string[];

  @CountColumn({ name: 'underlying_count' })
  underlyingCount!: number;

  @CountColumn({ name: 'instrument_count' })
  instrumentCount!: number;

  /** Null: the first form. */
  @Column({ name: 'hash_form', type: 'smallint', nullable: true })
  hashForm!: number | null;

  /** Of a difference: the snapshots whose rows it takes over. */
  @Column({ type: 'uuid', array: true, nullable: true })
  parts!: string[] | null;

  @Column({ type: 'text', array: true, nullable: true })
  dropped!: string[] | null;

  @Column({ name: 'stated_count', type: 'integer', nullable: true })
  statedCount!: number | null;
}
