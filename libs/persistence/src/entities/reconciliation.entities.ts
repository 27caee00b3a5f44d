import type { BreakCause, BreakKind } from '@ballast/buffer';
import type { Decimal, Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import {
  CountColumn,
  DecimalColumn,
  HashColumn,
  InstantColumn,
  JsonColumn,
  TextColumn,
  TextListColumn,
  UuidColumn,
} from './columns';

/** One comparison of a run with a statement. */
@Entity('reconciliations')
export class ReconciliationEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'reconciliation_id', primary: true })
  reconciliationId!: string;

  @UuidColumn({ name: 'run_id' })
  runId!: string;

  @InstantColumn({ name: 'run_as_of' })
  runAsOf!: Instant;

  @HashColumn({ name: 'request_hash' })
  requestHash!: string;

  @TextColumn({ name: 'statement_name' })
  statementName!: string;

  @HashColumn({ name: 'statement_sha256' })
  statementSha256!: string;

  @TextColumn({ name: 'statement_format' })
  statementFormat!: 'csv' | 'activity-xml';

  @Column({ type: 'date', name: 'statement_date', nullable: true })
  statementDate!: string | null;

  @Column({ type: 'boolean', name: 'covers_firm' })
  coversFirm!: boolean;

  @JsonColumn({})
  tolerances!: Record<string, unknown>;

  @TextListColumn({})
  warnings!: string[];

  @CountColumn({ name: 'account_count' })
  accountCount!: number;

  @CountColumn({ name: 'matched_count' })
  matchedCount!: number;

  @CountColumn({ name: 'break_count' })
  breakCount!: number;

  @TextColumn({ name: 'engine_version' })
  engineVersion!: string;

  @TextColumn({ name: 'started_by' })
  startedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;
}

/** What disagreed, with its traced cause. */
@Entity('reconciliation_breaks')
export class ReconciliationBreakEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'reconciliation_id', primary: true })
  reconciliationId!: string;

  @CountColumn({ primary: true })
  ordinal!: number;

  @UuidColumn({ name: 'account_id', nullable: true })
  accountId!: string | null;

  @TextColumn({ name: 'account_code' })
  accountCode!: string;

  @TextColumn({})
  kind!: BreakKind;

  @TextColumn({})
  item!: string;

  @DecimalColumn({ nullable: true })
  ours!: Decimal | null;

  @DecimalColumn({ nullable: true })
  theirs!: Decimal | null;

  @DecimalColumn({ nullable: true })
  difference!: Decimal | null;

  @TextColumn({ nullable: true })
  currency!: string | null;

  @JsonColumn({})
  cause!: BreakCause;
}

/** One step in settling a break. */
@Entity('break_resolutions')
export class BreakResolutionEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'reconciliation_id', primary: true })
  reconciliationId!: string;

  @CountColumn({ primary: true })
  ordinal!: number;

  @CountColumn({ primary: true })
  step!: number;

  @UuidColumn({ name: 'account_id', nullable: true })
  accountId!: string | null;

  @TextColumn({})
  action!: 'PROPOSE' | 'CONFIRM' | 'REJECT';

  @TextColumn({})
  note!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;
}
