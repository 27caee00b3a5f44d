import type { DataQuality, Decimal, Instant, Methodology } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import type { BufferStatus } from '../buffer-status';
import {
  BytesColumn,
  DecimalColumn,
  HashColumn,
  InstantColumn,
  JsonColumn,
  TextColumn,
  TextListColumn,
  UuidColumn,
} from './columns';

/** What one run found for one account; monthly partitions by `as_of`. */
@Entity('requirements')
export class RequirementEntity {
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

  @TextColumn({})
  methodology!: Methodology;

  @UuidColumn({ name: 'parameter_set_id' })
  parameterSetId!: string;

  @TextColumn({})
  currency!: string;

  @DecimalColumn({ name: 'initial_requirement', nullable: true })
  initialRequirement!: Decimal | null;

  @DecimalColumn({ name: 'maintenance_requirement', nullable: true })
  maintenanceRequirement!: Decimal | null;

  @DecimalColumn({ name: 'net_option_value', nullable: true })
  netOptionValue!: Decimal | null;

  @DecimalColumn({ nullable: true })
  equity!: Decimal | null;

  @DecimalColumn({ name: 'collateral_value', nullable: true })
  collateralValue!: Decimal | null;

  @DecimalColumn({ nullable: true })
  buffer!: Decimal | null;

  @DecimalColumn({ name: 'buffer_ratio', nullable: true })
  bufferRatio!: Decimal | null;

  @DecimalColumn({ nullable: true })
  excess!: Decimal | null;

  @TextColumn({})
  status!: BufferStatus;

  @TextColumn({ name: 'computed_status', nullable: true })
  computedStatus!: BufferStatus | null;

  @DecimalColumn({ nullable: true })
  leverage!: Decimal | null;

  @TextColumn({})
  quality!: DataQuality;

  @TextListColumn({ name: 'quality_reasons' })
  qualityReasons!: string[];

  @TextListColumn({})
  warnings!: string[];

  @JsonColumn({ nullable: true })
  model!: unknown;

  @JsonColumn({ name: 'worst_scenario', nullable: true })
  worstScenario!: unknown;

  @JsonColumn({ nullable: true })
  scenarios!: unknown;

  @JsonColumn({ nullable: true })
  breakdown!: unknown;

  @JsonColumn({ nullable: true })
  contributions!: unknown;

  @JsonColumn({ nullable: true })
  greeks!: unknown;

  @JsonColumn({ name: 'equity_components' })
  equityComponents!: unknown;

  @JsonColumn({})
  collateral!: unknown;

  @TextColumn({ name: 'engine_version' })
  engineVersion!: string;

  @HashColumn({ name: 'parameter_hash' })
  parameterHash!: string;

  @HashColumn({ name: 'snapshot_hash' })
  snapshotHash!: string;

  @HashColumn({ name: 'input_hash' })
  inputHash!: string;

  @HashColumn({ name: 'result_hash' })
  resultHash!: string;

  @TextColumn({ name: 'previous_status', nullable: true })
  previousStatus!: BufferStatus | null;

  @BytesColumn({ nullable: true })
  figures!: Buffer | null;

  /** True where this row is the observation of its account; null where `buffer_observations` has one. */
  @Column({ type: 'boolean', name: 'is_observation', nullable: true })
  isObservation!: true | null;
}
