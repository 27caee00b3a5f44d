import type { Instant } from '@ballast/domain';
import { Column, Entity } from 'typeorm';
import { CountColumn, InstantColumn, TextColumn, TextListColumn, UuidColumn } from './columns';

/** Accounts of one shard of a run. */
@Entity('margin_run_shards')
export class MarginRunShardEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  /** Counts from 1. */
  @CountColumn({ primary: true })
  shard!: number;

  @Column({ name: 'account_ids', type: 'uuid', array: true })
  accountIds!: string[];

  /** Of each account when the run was opened. */
  @TextListColumn({})
  methodologies!: string[];
}

/** How a shard ended; a row is written at most once, together with the results. */
@Entity('margin_run_shard_ends')
export class MarginRunShardEndEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'run_id', primary: true })
  runId!: string;

  @CountColumn({ primary: true })
  shard!: number;

  @TextColumn({})
  outcome!: 'DONE' | 'DEAD';

  @CountColumn({ name: 'accounts_done' })
  accountsDone!: number;

  @CountColumn({ name: 'accounts_indeterminate' })
  accountsIndeterminate!: number;

  @CountColumn({ name: 'accounts_degraded' })
  accountsDegraded!: number;

  @CountColumn({ name: 'accounts_held' })
  accountsHeld!: number;

  /** Process that ended it. */
  @TextColumn({})
  worker!: string;

  /** Why it has no results; null unless DEAD. */
  @TextColumn({ nullable: true })
  reason!: string | null;

  @InstantColumn({ name: 'ended_at', default: () => 'current_instant()' })
  endedAt!: Instant;
}
