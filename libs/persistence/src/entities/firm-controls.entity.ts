import type { Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { InstantColumn, TextColumn, UuidColumn } from './columns';

/** Limits of a firm on its own figures, from a time on. */
@Entity('firm_controls')
export class FirmControlsEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'control_id', primary: true })
  controlId!: string;

  @InstantColumn({ name: 'effective_from' })
  effectiveFrom!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @TextColumn({ name: 'canonical_text' })
  canonicalText!: string;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;
}
