import type { MarginCall, MarginCallCloseReason, MarginCallEventKind, MarginCallState } from '@ballast/buffer';
import { decimalOf, decimalOrNull, instantFrom, instantOrNull, toNumeric, toTimestamp } from '../row-values';
import type { Decimal, Instant } from '@ballast/domain';

/** A call as recorded. */
export interface StoredMarginCall extends MarginCall {
  readonly raisedRunId: string;
  /** When the record learnt of it. */
  readonly knownAt: Instant;
}

/** A step of a call as recorded. */
export interface StoredMarginCallEvent {
  readonly callId: string;
  /** Counts the events of a call from 1. */
  readonly number: number;
  readonly kind: MarginCallEventKind;
  readonly at: Instant;
  readonly knownAt: Instant;
  readonly actor: string;
  readonly reason: string | null;
  readonly runId: string | null;
  readonly stateBefore: MarginCallState | null;
  readonly stateAfter: MarginCallState;
  /** Currency of the amounts below, except what was paid in another. */
  readonly currency: string;
  readonly amount: Decimal;
  readonly outstanding: Decimal;
  readonly paid: Decimal;
  readonly payment: {
    readonly amount: Decimal;
    readonly currency: string;
    readonly credited: Decimal;
    readonly receivedAt: Instant;
  } | null;
}

export interface MarginCallRow {
  readonly account_id: string;
  readonly call_id: string;
  readonly currency: string;
  readonly raised_at: Date;
  readonly raised_run_id: string;
  readonly due_at: Date;
  readonly escalates_at: Date;
  readonly known_at: Date;
  readonly state: MarginCallState;
  readonly amount: string;
  readonly evaluated_at: Date;
  readonly evaluated_run_id: string;
  readonly paid: string;
  readonly unreflected: string;
  readonly outstanding: string;
  readonly late_fee: string;
  readonly late_fee_until: Date;
  readonly penalty: string;
  readonly acknowledged_at: Date | null;
  readonly acknowledged_by: string | null;
  readonly note: string | null;
  readonly waiver_proposed_by: string | null;
  readonly waiver_proposed_at: Date | null;
  readonly waiver_reason: string | null;
  readonly waiver_amount: string | null;
  readonly waiver_approved_by: string | null;
  readonly waiver_approved_at: Date | null;
  readonly closed_at: Date | null;
  readonly close_reason: MarginCallCloseReason | null;
}

export interface MarginCallEventRow {
  readonly call_id: string;
  readonly event_number: number;
  readonly kind: MarginCallEventKind;
  readonly at: Date;
  readonly known_at: Date;
  readonly actor: string;
  readonly reason: string | null;
  readonly run_id: string | null;
  readonly state_before: MarginCallState | null;
  readonly state_after: MarginCallState;
  readonly currency: string;
  readonly amount: string;
  readonly outstanding: string;
  readonly paid: string;
  readonly payment_amount: string | null;
  readonly payment_currency: string | null;
  readonly payment_credited: string | null;
  readonly payment_received_at: Date | null;
}

/** Columns that events change, with their types: what `json_to_recordset` is told. */
export const changingColumns = [
  ['state', 'text'],
  ['amount', 'numeric'],
  ['evaluated_at', 'timestamptz'],
  ['evaluated_run_id', 'uuid'],
  ['paid', 'numeric'],
  ['unreflected', 'numeric'],
  ['outstanding', 'numeric'],
  ['late_fee', 'numeric'],
  ['late_fee_until', 'timestamptz'],
  ['penalty', 'numeric'],
  ['acknowledged_at', 'timestamptz'],
  ['acknowledged_by', 'text'],
  ['note', 'text'],
  ['waiver_proposed_by', 'text'],
  ['waiver_proposed_at', 'timestamptz'],
  ['waiver_reason', 'text'],
  ['waiver_amount', 'numeric'],
  ['waiver_approved_by', 'text'],
  ['waiver_approved_at', 'timestamptz'],
  ['closed_at', 'timestamptz'],
  ['close_reason', 'text'],
] as const;

/** Columns that say which call it is and when it has to be met. */
export const identityColumns = [
  ['account_id', 'uuid'],
  ['call_id', 'uuid'],
  ['currency', 'text'],
  ['raised_at', 'timestamptz'],
  ['raised_run_id', 'uuid'],
  ['due_at', 'timestamptz'],
  ['escalates_at', 'timestamptz'],
] as const;

/** A call as one member of the JSON array that is written in one statement. */
export function toMarginCallRecord(call: MarginCall): Readonly<Record<string, string | null>> {
  const { waiver } = call;
  const time = (at: Instant | null | undefined): string | null => (at == null ? null : toTimestamp(at));
  return {
    account_id: call.accountId,
    call_id: call.id,
    currency: call.currency,
    raised_at: toTimestamp(call.raisedAt),
    raised_run_id: call.evaluatedRunId,
    due_at: toTimestamp(call.dueAt),
    escalates_at: toTimestamp(call.escalatesAt),
    state: call.state,
    amount: toNumeric(call.amount, 'amount'),
    evaluated_at: toTimestamp(call.evaluatedAt),
    evaluated_run_id: call.evaluatedRunId,
    paid: toNumeric(call.paid, 'paid'),
    unreflected: toNumeric(call.unreflected, 'unreflected'),
    outstanding: toNumeric(call.outstanding, 'outstanding'),
    late_fee: toNumeric(call.lateFee, 'lateFee'),
    late_fee_until: toTimestamp(call.lateFeeUntil),
    penalty: toNumeric(call.penalty, 'penalty'),
    acknowledged_at: time(call.acknowledgedAt),
    acknowledged_by: call.acknowledgedBy,
    note: call.note,
    waiver_proposed_by: waiver?.proposedBy ?? null,
    waiver_proposed_at: time(waiver?.proposedAt),
    waiver_reason: waiver?.reason ?? null,
    waiver_amount: waiver === null ? null : toNumeric(waiver.amount, 'waiver.amount'),
    waiver_approved_by: waiver?.approvedBy ?? null,
    waiver_approved_at: time(waiver?.approvedAt),
    closed_at: time(call.closedAt),
    close_reason: call.closeReason,
  };
}

export function toStoredMarginCall(row: MarginCallRow): StoredMarginCall {
  return {
    id: row.call_id,
    accountId: row.account_id,
    currency: row.currency,
    state: row.state,
    raisedAt: instantFrom(row.raised_at),
    raisedRunId: row.raised_run_id,
    dueAt: instantFrom(row.due_at),
    escalatesAt: instantFrom(row.escalates_at),
    knownAt: instantFrom(row.known_at),
    amount: decimalOf(row.amount),
    evaluatedAt: instantFrom(row.evaluated_at),
    evaluatedRunId: row.evaluated_run_id,
    paid: decimalOf(row.paid),
    unreflected: decimalOf(row.unreflected),
    outstanding: decimalOf(row.outstanding),
    lateFee: decimalOf(row.late_fee),
    lateFeeUntil: instantFrom(row.late_fee_until),
    penalty: decimalOf(row.penalty),
    acknowledgedAt: instantOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    note: row.note,
    waiver:
      row.waiver_proposed_by === null
        ? null
        : {
            proposedBy: row.waiver_proposed_by,
            // The table's check says that a proposal is whole.
            proposedAt: instantFrom(row.waiver_proposed_at as Date),
            reason: row.waiver_reason as string,
            amount: decimalOf(row.waiver_amount as string),
            approvedBy: row.waiver_approved_by,
            approvedAt: instantOrNull(row.waiver_approved_at),
          },
    closedAt: instantOrNull(row.closed_at),
    closeReason: row.close_reason,
  };
}

export function toStoredMarginCallEvent(row: MarginCallEventRow): StoredMarginCallEvent {
  const credited = decimalOrNull(row.payment_credited);
  return {
    callId: row.call_id,
    number: row.event_number,
    kind: row.kind,
    at: instantFrom(row.at),
    knownAt: instantFrom(row.known_at),
    actor: row.actor,
    reason: row.reason,
    runId: row.run_id,
    stateBefore: row.state_before,
    stateAfter: row.state_after,
    currency: row.currency,
    amount: decimalOf(row.amount),
    outstanding: decimalOf(row.outstanding),
    paid: decimalOf(row.paid),
    payment:
      credited === null
        ? null
        : {
            amount: decimalOf(row.payment_amount as string),
            currency: row.payment_currency as string,
            credited,
            receivedAt: instantFrom(row.payment_received_at as Date),
          },
  };
}
