import type { DataQuality, Decimal, Instant, Methodology } from '@ballast/domain';
import { Entity } from 'typeorm';
import type { BufferStatus } from '../buffer-status';
import {
  CountColumn,
  DecimalColumn,
  InstantColumn,
  JsonColumn,
  TextColumn,
  TextListColumn,
  UuidColumn,
} from './columns';

/** Impact report of a proposed parameter set. */
@Entity('parameter_impacts')
export class ParameterImpactEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'parameter_set_id', primary: true })
  parameterSetId!: string;

  @InstantColumn({ name: 'computed_at', default: () => 'current_instant()' })
  computedAt!: Instant;

  @UuidColumn({ name: 'snapshot_id', nullable: true })
  snapshotId!: string | null;

  @InstantColumn({ name: 'as_of', nullable: true })
  asOf!: Instant | null;

  @InstantColumn({ name: 'positions_at', nullable: true })
  positionsAt!: Instant | null;

  @UuidColumn({ name: 'replaced_set_id', nullable: true })
  replacedSetId!: string | null;

  @CountColumn({ name: 'account_count' })
  accountCount!: number;

  @JsonColumn({})
  totals!: unknown;
}

/** One account of an impact report. */
@Entity('parameter_impact_rows')
export class ParameterImpactRowEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'parameter_set_id', primary: true })
  parameterSetId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @CountColumn({})
  ordinal!: number;

  @TextColumn({})
  methodology!: Methodology;

  @TextColumn({})
  currency!: string;

  @DecimalColumn({ name: 'initial_before', nullable: true })
  initialBefore!: Decimal | null;

  @DecimalColumn({ name: 'initial_after', nullable: true })
  initialAfter!: Decimal | null;

  @DecimalColumn({ name: 'maintenance_before', nullable: true })
  maintenanceBefore!: Decimal | null;

  @DecimalColumn({ name: 'maintenance_after', nullable: true })
  maintenanceAfter!: Decimal | null;

  @TextColumn({ name: 'status_before' })
  statusBefore!: BufferStatus;

  @TextColumn({ name: 'status_after' })
  statusAfter!: BufferStatus;

  @TextColumn({ name: 'quality_before' })
  qualityBefore!: DataQuality;

  @TextColumn({ name: 'quality_after' })
  qualityAfter!: DataQuality;

  @TextListColumn({})
  reasons!: string[];
}
