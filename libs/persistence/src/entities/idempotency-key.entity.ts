import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { HashColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** The answer a client's key was given, so that a repeat gets the same. */
@Entity('idempotency_keys')
export class IdempotencyKeyEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @TextColumn({ primary: true })
  operation!: string;

  @TextColumn({ primary: true })
  key!: string;

  @HashColumn({ name: 'request_hash' })
  requestHash!: string;

  @JsonColumn({})
  response!: unknown;

  @InstantColumn({ name: 'created_at', default: () => 'current_instant()' })
  createdAt!: Instant;
}
