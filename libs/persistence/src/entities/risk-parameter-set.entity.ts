import type { Instant, Methodology } from '@ballast/domain';
import { Entity } from 'typeorm';
import { CountColumn, HashColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** A version of a methodology's parameters. */
@Entity('risk_parameter_sets')
export class RiskParameterSetEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'parameter_set_id', primary: true })
  parameterSetId!: string;

  @TextColumn({})
  methodology!: Methodology;

  @CountColumn({})
  version!: number;

  @TextColumn({})
  name!: string;

  @InstantColumn({ name: 'effective_from' })
  effectiveFrom!: Instant;

  @JsonColumn({ binary: true })
  parameters!: unknown;

  /** What the hash is of; `jsonb` rewrites numbers and order. */
  @TextColumn({ name: 'canonical_text' })
  canonicalText!: string;

  @HashColumn({ name: 'content_hash' })
  contentHash!: string;

  @TextColumn({})
  status!: 'PROPOSED' | 'APPROVED' | 'REJECTED';

  @TextColumn({ name: 'proposed_by' })
  proposedBy!: string;

  @InstantColumn({ name: 'proposed_at', default: () => 'current_instant()' })
  proposedAt!: Instant;

  @TextColumn({ name: 'decided_by', nullable: true })
  decidedBy!: string | null;

  @InstantColumn({ name: 'decided_at', nullable: true })
  decidedAt!: Instant | null;
}
