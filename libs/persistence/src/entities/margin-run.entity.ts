import type { Instant, Methodology } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, HashColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** One margin run of a firm. */
@Entity('margin_runs')
export class MarginRunEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  @InstantColumn({ name: 'as_of' })
  asOf!: Instant;

  @UuidColumn({ name: 'snapshot_id' })
  snapshotId!: string;

  /** Positions and balances are those held at this time. */
  @InstantColumn({ name: 'positions_at' })
  positionsAt!: Instant;

  /** … as they were known then. */
  @InstantColumn({ name: 'known_at' })
  knownAt!: Instant;

  @TextColumn({})
  state!: 'RUNNING' | 'COMPLETED' | 'PARTIAL' | 'FAILED';

  @TextColumn({ name: 'engine_version' })
  engineVersion!: string;

  @TextColumn({ name: 'requested_by' })
  requestedBy!: string;

  @TextColumn({ name: 'idempotency_key', nullable: true })
  idempotencyKey!: string | null;

  @CountColumn({ name: 'account_count' })
  accountCount!: number;

  /** True for a run over some accounts of the firm; null for all of them. */
  @Column({ type: 'boolean', name: 'is_part', nullable: true })
  isPart!: true | null;

  @CountColumn({ name: 'accounts_done' })
  accountsDone!: number;

  @CountColumn({ name: 'accounts_indeterminate' })
  accountsIndeterminate!: number;

  @CountColumn({ name: 'accounts_degraded', default: 0 })
  accountsDegraded!: number;

  @CountColumn({ name: 'accounts_held', default: 0 })
  accountsHeld!: number;

  @InstantColumn({ name: 'started_at', default: () => 'current_instant()' })
  startedAt!: Instant;

  @InstantColumn({ name: 'finished_at', nullable: true })
  finishedAt!: Instant | null;

  @HashColumn({ name: 'result_hash', nullable: true })
  resultHash!: string | null;

  @TextColumn({ name: 'failure_reason', nullable: true })
  failureReason!: string | null;

  /** Null for a run whose results were committed in one transaction. */
  @CountColumn({ name: 'shard_count', nullable: true })
  shardCount!: number | null;
}

/** Which parameters a run used, per methodology. */
@Entity('margin_run_parameter_sets')
export class MarginRunParameterSetEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  @TextColumn({ primary: true })
  methodology!: Methodology;

  @UuidColumn({ name: 'parameter_set_id' })
  parameterSetId!: string;

  @HashColumn({ name: 'content_hash' })
  contentHash!: string;
}
