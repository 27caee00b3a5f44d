import type { CollateralKind, Decimal, Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, DecimalColumn, HashColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** One delivery of collateral of one account. */
@Entity('collateral_statements')
export class CollateralStatementEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @UuidColumn({ name: 'statement_id', primary: true })
  statementId!: string;

  @TextColumn({})
  mode!: 'REPLACE' | 'MERGE';

  @InstantColumn({ name: 'valid_from' })
  validFrom!: Instant;

  @InstantColumn({ name: 'known_at' })
  knownAt!: Instant;

  @HashColumn({ name: 'content_hash' })
  contentHash!: string;

  @TextColumn({})
  source!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @CountColumn({ name: 'holding_count' })
  holdingCount!: number;
}

/** A version of one pledged holding: held during `valid`, believed during `known`. */
@Entity('collateral_holdings')
export class CollateralHoldingEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @TextColumn({ primary: true })
  asset!: string;

  @UuidColumn({ name: 'version_id', primary: true })
  versionId!: string;

  @UuidColumn({ name: 'statement_id' })
  statementId!: string;

  @TextColumn({})
  kind!: CollateralKind;

  @TextColumn({ name: 'asset_class' })
  assetClass!: string;

  @TextColumn({ nullable: true })
  rating!: string | null;

  @Column({ type: 'date', nullable: true })
  maturity!: string | null;

  @TextColumn({})
  schedule!: string;

  @DecimalColumn({})
  quantity!: Decimal;

  @DecimalColumn({ nullable: true })
  price!: Decimal | null;

  @TextColumn({ nullable: true })
  currency!: string | null;

  @Column({ type: 'tstzrange' })
  valid!: string;

  @Column({ type: 'tstzrange' })
  known!: string;
}

/** One version of a haircut schedule; it holds from `effectiveFrom` until the next one. */
@Entity('haircut_schedules')
export class HaircutScheduleEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'schedule_id', primary: true })
  scheduleId!: string;

  @TextColumn({})
  name!: string;

  @InstantColumn({ name: 'effective_from' })
  effectiveFrom!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @JsonColumn({})
  rules!: unknown;

  @JsonColumn({})
  limits!: unknown;

  @HashColumn({ name: 'content_hash' })
  contentHash!: string;

  @TextColumn({})
  source!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;
}
