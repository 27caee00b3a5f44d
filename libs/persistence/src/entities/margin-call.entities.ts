import type { MarginCallState } from '@ballast/buffer';
import type { Decimal, Instant } from '@ballast/domain';
import { Entity } from 'typeorm';
import { CountColumn, DecimalColumn, InstantColumn, TextColumn, UuidColumn } from './columns';

/** A demand for money as it stands now. */
@Entity('margin_calls')
export class MarginCallEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @UuidColumn({ name: 'call_id', primary: true })
  callId!: string;

  @TextColumn({})
  currency!: string;

  @InstantColumn({ name: 'raised_at' })
  raisedAt!: Instant;

  @UuidColumn({ name: 'raised_run_id' })
  raisedRunId!: string;

  @InstantColumn({ name: 'due_at' })
  dueAt!: Instant;

  @InstantColumn({ name: 'escalates_at' })
  escalatesAt!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'current_instant()' })
  knownAt!: Instant;

  @TextColumn({})
  state!: MarginCallState;

  @DecimalColumn({})
  amount!: Decimal;

  @InstantColumn({ name: 'evaluated_at' })
  evaluatedAt!: Instant;

  @UuidColumn({ name: 'evaluated_run_id' })
  evaluatedRunId!: string;

  @DecimalColumn({})
  paid!: Decimal;

  @DecimalColumn({})
  unreflected!: Decimal;

  @DecimalColumn({})
  outstanding!: Decimal;

  @DecimalColumn({ name: 'late_fee' })
  lateFee!: Decimal;

  @InstantColumn({ name: 'late_fee_until' })
  lateFeeUntil!: Instant;

  @DecimalColumn({})
  penalty!: Decimal;

  @InstantColumn({ name: 'acknowledged_at', nullable: true })
  acknowledgedAt!: Instant | null;

  @TextColumn({ name: 'acknowledged_by', nullable: true })
  acknowledgedBy!: string | null;

  @TextColumn({ nullable: true })
  note!: string | null;

  @TextColumn({ name: 'waiver_proposed_by', nullable: true })
  waiverProposedBy!: string | null;

  @InstantColumn({ name: 'waiver_proposed_at', nullable: true })
  waiverProposedAt!: Instant | null;

  @TextColumn({ name: 'waiver_reason', nullable: true })
  waiverReason!: string | null;

  @DecimalColumn({ name: 'waiver_amount', nullable: true })
  waiverAmount!: Decimal | null;

  @TextColumn({ name: 'waiver_approved_by', nullable: true })
  waiverApprovedBy!: string | null;

  @InstantColumn({ name: 'waiver_approved_at', nullable: true })
  waiverApprovedAt!: Instant | null;

  @InstantColumn({ name: 'closed_at', nullable: true })
  closedAt!: Instant | null;

  @TextColumn({ name: 'close_reason', nullable: true })
  closeReason!: string | null;
}

/** A step of a margin call; append-only. */
@Entity('margin_call_events')
export class MarginCallEventEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'account_id', primary: true })
  accountId!: string;

  @UuidColumn({ name: 'call_id', primary: true })
  callId!: string;

  @CountColumn({ name: 'event_number', primary: true })
  eventNumber!: number;

  @TextColumn({})
  kind!: string;

  @InstantColumn({})
  at!: Instant;

  @InstantColumn({ name: 'known_at', default: () => 'known_instant()' })
  knownAt!: Instant;

  @TextColumn({})
  actor!: string;

  @TextColumn({ nullable: true })
  reason!: string | null;

  @UuidColumn({ name: 'run_id', nullable: true })
  runId!: string | null;

  @TextColumn({ name: 'state_before', nullable: true })
  stateBefore!: MarginCallState | null;

  @TextColumn({ name: 'state_after' })
  stateAfter!: MarginCallState;

  @DecimalColumn({})
  amount!: Decimal;

  @DecimalColumn({})
  outstanding!: Decimal;

  @DecimalColumn({})
  paid!: Decimal;

  @DecimalColumn({ name: 'late_fee' })
  lateFee!: Decimal;

  @DecimalColumn({})
  penalty!: Decimal;

  @DecimalColumn({ name: 'payment_amount', nullable: true })
  paymentAmount!: Decimal | null;

  @TextColumn({ name: 'payment_currency', nullable: true })
  paymentCurrency!: string | null;

  @DecimalColumn({ name: 'payment_credited', nullable: true })
  paymentCredited!: Decimal | null;

  @InstantColumn({ name: 'payment_received_at', nullable: true })
  paymentReceivedAt!: Instant | null;
}
