import { Decimal, DomainError, formatInstant, type Instant } from '@ballast/domain';
import { awaitingStates, type MarginCall, type MarginCallEvent, type MarginCallPayment } from './margin-call';
import { accrueLateFee } from './margin-call-fees';
import type { MarginCallTerms } from './margin-call-terms';

/** Who does something to a call, and when. */
export interface MarginCallAct {
  readonly actor: string;
  readonly at: Instant;
}

/**
 * The client says that the call has arrived: RAISED becomes ACKNOWLEDGED; an OVERDUE or ESCALATED call that nobody had
 * acknowledged stays what it is and bears the acknowledgement.
 *
 * @throws DomainError 'CONFLICT' in any other state, and for a call acknowledged before
 */
export function acknowledgeMarginCall(
  call: MarginCall,
  act: MarginCallAct & { readonly note: string | null },
): MarginCallEvent {
  const { actor, at, note } = act;
  const allowed = call.state === 'RAISED' || call.state === 'OVERDUE' || call.state === 'ESCALATED';
  if (!allowed || call.acknowledgedAt !== null) throw refusal(call, 'be acknowledged');
  const state = call.state === 'RAISED' ? 'ACKNOWLEDGED' : call.state;
  const after: MarginCall = { ...call, state, acknowledgedAt: at, acknowledgedBy: actor, note };
  return { kind: 'ACKNOWLEDGED', at, actor, reason: note, payment: null, before: call.state, call: after };
}

/**
 * Money arrived: nothing outstanding makes the call MET, something left PARTLY_MET; late calls stay OVERDUE or ESCALATED
 * until they are met. A MET call takes more money and stays MET.
 *
 * @param act.at  when it was recorded; interest runs to when it was received
 * @throws DomainError 'CONFLICT' for a WAIVED or CLOSED call
 * @throws DomainError 'INVALID_PARAMETER' for an amount that is not above 0, or money received before the call was raised
 */
export function payMarginCall(
  call: MarginCall,
  act: MarginCallAct & { readonly payment: MarginCallPayment; readonly terms: Pick<MarginCallTerms, 'lateFeeRate'> },
): MarginCallEvent {
  const { actor, at, payment, terms } = act;
  if (call.state === 'WAIVED' || call.state === 'CLOSED') throw refusal(call, 'take a payment');
  if (!payment.amount.greaterThan(0) || !payment.credited.greaterThan(0))
    throw new DomainError(
      'INVALID_PARAMETER',
      `amount: expected more than 0, got ${payment.amount.toFixed()}`,
      'amount',
    );
  if (payment.receivedAt < call.raisedAt) {
    const message = `receivedAt: expected no time before the call was raised (${formatInstant(call.raisedAt)}), got ${formatInstant(payment.receivedAt)}`;
    throw new DomainError('INVALID_PARAMETER', message, 'receivedAt');
  }
  const unreflected = call.unreflected.plus(payment.credited);
  const outstanding = call.state === 'MET' ? new Decimal(0) : Decimal.max(0, call.outstanding.minus(payment.credited));
  const late = call.state === 'OVERDUE' || call.state === 'ESCALATED';
  const unmet = late ? call.state : 'PARTLY_MET';
  const after: MarginCall = {
    ...call,
    ...accrueLateFee(call, terms, payment.receivedAt),
    state: outstanding.isZero() ? 'MET' : unmet,
    paid: call.paid.plus(payment.credited),
    unreflected,
    outstanding,
  };
  return { kind: 'PAYMENT_RECORDED', at, actor, reason: null, payment, before: call.state, call: after };
}

/**
 * The first of the two people who let a call be.
 *
 * @throws DomainError 'CONFLICT' when nothing is awaited, or a waiver is proposed already
 */
export function proposeWaiver(call: MarginCall, act: MarginCallAct & { readonly reason: string }): MarginCallEvent {
  const { actor, at, reason } = act;
  if (!awaitingStates.includes(call.state) || call.waiver !== null) throw refusal(call, 'be waived');
  const waiver = {
    proposedBy: actor,
    proposedAt: at,
    reason,
    amount: call.outstanding,
    approvedBy: null,
    approvedAt: null,
  };
  const after: MarginCall = { ...call, waiver };
  return { kind: 'WAIVER_PROPOSED', at, actor, reason, payment: null, before: call.state, call: after };
}

/**
 * The second of the two people: the call is WAIVED, for as much as was outstanding when the waiver was proposed. Fees
 * accrued so far stay owed.
 *
 * @throws DomainError 'CONFLICT' when nothing is awaited or no waiver is proposed, 'SECOND_PERSON_REQUIRED' from the proposer
 */
export function approveWaiver(
  call: MarginCall,
  act: MarginCallAct & { readonly reason: string; readonly terms: Pick<MarginCallTerms, 'lateFeeRate'> },
): MarginCallEvent {
  const { actor, at, reason, terms } = act;
  const { waiver } = call;
  if (!awaitingStates.includes(call.state) || waiver === null) throw refusal(call, 'have a waiver approved');
  if (waiver.proposedBy === actor) {
    const message = `the waiver was proposed by ${actor}: another person has to approve it`;
    throw new DomainError('SECOND_PERSON_REQUIRED', message, 'callId');
  }
  const after: MarginCall = {
    ...call,
    ...accrueLateFee(call, terms, at),
    state: 'WAIVED',
    outstanding: new Decimal(0),
    waiver: { ...waiver, approvedBy: actor, approvedAt: at },
  };
  return { kind: 'WAIVED', at, actor, reason, payment: null, before: call.state, call: after };
}

function refusal(call: MarginCall, what: string): DomainError {
  const acknowledged = call.acknowledgedAt === null ? '' : ', acknowledged';
  const proposed = call.waiver === null ? '' : `, waiver proposed by ${call.waiver.proposedBy}`;
  return new DomainError(
    'CONFLICT',
    `a call in state ${call.state}${acknowledged}${proposed} cannot ${what}`,
    'callId',
  );
}
