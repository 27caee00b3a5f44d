import type { DataQuality, Decimal, Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import type { BufferStatus } from '../buffer-status';
import { DecimalColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** A requirement that waits for a person, and the figures in effect until then. */
@Entity('held_requirements')
export class HeldRequirementEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @InstantColumn({ name: 'as_of', primary: true })
  asOf!: Instant;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @UuidColumn({ name: 'released_run_id' })
  releasedRunId!: string;

  @InstantColumn({ name: 'released_as_of' })
  releasedAsOf!: Instant;

  @DecimalColumn({ name: 'released_initial' })
  releasedInitial!: Decimal;

  @DecimalColumn({ name: 'released_maintenance' })
  releasedMaintenance!: Decimal;

  @TextColumn({ name: 'status_on_release' })
  statusOnRelease!: BufferStatus;

  @TextColumn({ name: 'quality_on_release' })
  qualityOnRelease!: DataQuality;
}

/** The confirmation of a held requirement by a person. */
@Entity('requirement_releases')
export class RequirementReleaseEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @InstantColumn({ name: 'as_of', primary: true })
  asOf!: Instant;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  @TextColumn({ name: 'confirmed_by' })
  confirmedBy!: string;

  @InstantColumn({ name: 'confirmed_at', default: () => 'current_instant()' })
  confirmedAt!: Instant;

  @TextColumn({})
  reason!: string;
}
