import type { Instant, Methodology } from '@ballast/domain';
import { Entity } from 'typeorm';
import { InstantColumn, TextColumn, UuidColumn } from './columns';

/** A margin account. */
@Entity('accounts')
export class AccountEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @TextColumn({})
  code!: string;

  @TextColumn({})
  name!: string;

  @TextColumn({ name: 'base_currency' })
  baseCurrency!: string;

  @TextColumn({})
  methodology!: Methodology;

  @InstantColumn({ name: 'created_at', default: () => 'current_instant()' })
  createdAt!: Instant;
}
