import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { CountColumn, InstantColumn, JsonColumn, TextColumn, TextListColumn, UuidColumn } from './columns';

/** What became of one snapshot of a feed. */
@Entity('feed_events')
export class FeedEventEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'event_id', primary: true })
  eventId!: string;

  @TextColumn({})
  feed!: string;

  @CountColumn({})
  ordinal!: number;

  @InstantColumn({})
  at!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @TextColumn({})
  kind!: 'ACCEPTED' | 'TRIPPED' | 'FROZEN' | 'CLEAN' | 'RECOVERED';

  @UuidColumn({ name: 'snapshot_id', nullable: true })
  snapshotId!: string | null;

  @TextListColumn({})
  reasons!: string[];

  @JsonColumn({})
  state!: unknown;
}
