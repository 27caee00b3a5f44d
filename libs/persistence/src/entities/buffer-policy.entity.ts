import type { Decimal, Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { DecimalColumn, InstantColumn, JsonColumn, TextColumn, UuidColumn } from './columns';

/** Dated multiples of the maintenance requirement; without an account they hold for the whole firm. */
@Entity('buffer_policies')
export class BufferPolicyEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'policy_id', primary: true })
  policyId!: string;

  @UuidColumn({ name: 'account_id', nullable: true })
  accountId!: string | null;

  @InstantColumn({ name: 'effective_from' })
  effectiveFrom!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @DecimalColumn({ name: 'liquidation_multiple' })
  liquidationMultiple!: Decimal;

  @DecimalColumn({ name: 'margin_call_multiple' })
  marginCallMultiple!: Decimal;

  @DecimalColumn({ name: 'watch_multiple' })
  watchMultiple!: Decimal;

  @DecimalColumn({ name: 'call_target_multiple' })
  callTargetMultiple!: Decimal;

  @DecimalColumn({ name: 'release_multiple' })
  releaseMultiple!: Decimal;

  @JsonColumn({ name: 'fx_haircuts' })
  fxHaircuts!: Readonly<Record<string, string>>;

  @TextColumn({ name: 'recorded_by' })
  recordedBy!: string;
}
