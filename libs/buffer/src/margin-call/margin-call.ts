import type { Decimal, Instant } from '@ballast/domain';

/**
 * Where a margin call stands. RAISED → ACKNOWLEDGED → PARTLY_MET → MET → CLOSED is the usual way; OVERDUE and ESCALATED
 * when time runs out; WAIVED when two people let it be. Everything but CLOSED is open: an account has one open call.
 */
export const marginCallStates = [
  'RAISED',
  'ACKNOWLEDGED',
  'PARTLY_MET',
  'MET',
  'OVERDUE',
  'ESCALATED',
  'WAIVED',
  'CLOSED',
] as const;
export type MarginCallState = (typeof marginCallStates)[number];

/** States in which money is awaited. */
export const awaitingStates: readonly MarginCallState[] = [
  'RAISED',
  'ACKNOWLEDGED',
  'PARTLY_MET',
  'OVERDUE',
  'ESCALATED',
];

/**
 * Why a call was closed. RELEASED: equity rose above the release level; MET: it had been paid, and the account fell below
 * the call level again; OUTGROWN: the need outgrew what had been waived. After MET and OUTGROWN a new call follows.
 */
export type MarginCallCloseReason = 'RELEASED' | 'MET' | 'OUTGROWN';

/** A waiver proposed by one person; it holds once another has approved it. */
export interface MarginCallWaiver {
  readonly proposedBy: string;
  readonly proposedAt: Instant;
  readonly reason: string;
  /** Outstanding when it was proposed; what the waiver covers. */
  readonly amount: Decimal;
  readonly approvedBy: string | null;
  readonly approvedAt: Instant | null;
}

/** A demand for money to restore an account, all amounts in its currency. */
export interface MarginCall {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly state: MarginCallState;
  /** As-of time of the run that raised it. */
  readonly raisedAt: Instant;
  readonly dueAt: Instant;
  /** When an overdue call is escalated. */
  readonly escalatesAt: Instant;
  /** max(initial, call target × maintenance) − equity of the last run on good data; ≥ 0. */
  readonly amount: Decimal;
  /** As-of time of that run. */
  readonly evaluatedAt: Instant;
  readonly evaluatedRunId: string;
  /** Payments recorded against the call, converted; ≥ 0. */
  readonly paid: Decimal;
  /** Payments that the equity behind `amount` does not hold yet; ≥ 0 and at most `paid`. */
  readonly unreflected: Decimal;
  /** max(0, amount − unreflected), and 0 when MET, WAIVED or CLOSED. */
  readonly outstanding: Decimal;
  /** Interest on what was outstanding after the due time, up to `lateFeeUntil`; not rounded. */
  readonly lateFee: Decimal;
  readonly lateFeeUntil: Instant;
  /** Charged when the call was escalated. */
  readonly penalty: Decimal;
  readonly acknowledgedAt: Instant | null;
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly waiver: MarginCallWaiver | null;
  readonly closedAt: Instant | null;
  readonly closeReason: MarginCallCloseReason | null;
}

export const marginCallEventKinds = [
  'RAISED',
  'AMOUNT_UPDATED',
  'ACKNOWLEDGED',
  'PAYMENT_RECORDED',
  'OVERDUE',
  'ESCALATED',
  'WAIVER_PROPOSED',
  'WAIVER_LAPSED',
  'WAIVED',
  'CLOSED',
] as const;
export type MarginCallEventKind = (typeof marginCallEventKinds)[number];

/** A payment as it arrived. */
export interface MarginCallPayment {
  /** In the currency paid; > 0. */
  readonly amount: Decimal;
  readonly currency: string;
  /** In the call's currency, after conversion; > 0. */
  readonly credited: Decimal;
  readonly receivedAt: Instant;
}

/** One step in the life of a call, with the call as it is after it. */
export interface MarginCallEvent {
  readonly kind: MarginCallEventKind;
  /** When it happened, in business time. */
  readonly at: Instant;
  /** Person or program behind it. */
  readonly actor: string;
  /** What a person said, or why the system did it. */
  readonly reason: string | null;
  readonly payment: MarginCallPayment | null;
  /** State before; null when the call was raised. */
  readonly before: MarginCallState | null;
  readonly call: MarginCall;
}
