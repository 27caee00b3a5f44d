import type { Decimal, Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, DecimalColumn, HashColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** One delivery of positions of one account. */
@Entity('position_statements')
export class PositionStatementEntity {
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

  @CountColumn({ name: 'position_count' })
  positionCount!: number;
}

/** A version of one holding: held during `valid`, believed during `known`. */
@Entity('positions')
export class PositionEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @TextColumn({ name: 'instrument_id', primary: true })
  instrumentId!: string;

  @UuidColumn({ name: 'version_id', primary: true })
  versionId!: string;

  @UuidColumn({ name: 'statement_id' })
  statementId!: string;

  @DecimalColumn({})
  quantity!: Decimal;

  @DecimalColumn({ name: 'average_price', nullable: true })
  averagePrice!: Decimal | null;

  @Column({ type: 'tstzrange' })
  valid!: string;

  @Column({ type: 'tstzrange' })
  known!: string;
}
