import type { Decimal } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { DecimalColumn, TextColumn, UuidColumn } from './columns';

/** A version of the cash of one currency: true during `valid`, believed during `known`. */
@Entity('balances')
export class BalanceEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @TextColumn({ primary: true })
  currency!: string;

  @UuidColumn({ name: 'version_id', primary: true })
  versionId!: string;

  @DecimalColumn({})
  amount!: Decimal;

  @TextColumn({})
  reason!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;

  @Column({ type: 'tstzrange' })
  valid!: string;

  @Column({ type: 'tstzrange' })
  known!: string;
}
