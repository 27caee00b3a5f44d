import type { Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { InstantColumn, UuidColumn } from './columns';

/** A transaction that took time: from when its rows are stamped, and when others could see them. Written by the database. */
@Entity('record_writes')
export class RecordWriteEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'write_id', primary: true })
  writeId!: string;

  @Column({ type: 'timestamptz', array: true })
  stamps!: readonly Date[];

  @InstantColumn({ name: 'began_at' })
  beganAt!: Instant;

  @InstantColumn({ name: 'ended_at' })
  endedAt!: Instant;
}
