import type { Instant, Methodology } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
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

/** A state that an account had; written by the trigger of accounts. */
@Entity('account_versions')
export class AccountVersionEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @Column({ type: 'integer', primary: true })
  version!: number;

  @TextColumn({})
  code!: string;

  @TextColumn({})
  name!: string;

  @TextColumn({ name: 'base_currency' })
  baseCurrency!: string;

  @TextColumn({})
  methodology!: Methodology;

  @InstantColumn({ name: 'created_at' })
  createdAt!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;
}
