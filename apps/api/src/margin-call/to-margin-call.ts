import { type Decimal, roundMoney } from '@ballast/domain';
import type { StoredMarginCall, StoredMarginCallEvent } from '@ballast/use-cases';
import { type Money, toMoney } from '../money/money.model';
import type { MarginCall, MarginCallEvent } from './margin-call.model';

/** Shows a call as the API does. */
export function toMarginCall(call: StoredMarginCall): MarginCall {
  const money = (amount: Decimal): Money => toMoney(roundMoney({ amount, currency: call.currency }, 'up'));
  const { waiver } = call;
  return {
    id: call.id,
    accountId: call.accountId,
    state: call.state,
    raisedAt: call.raisedAt,
    runId: call.raisedRunId,
    dueAt: call.dueAt,
    escalatesAt: call.escalatesAt,
    amount: money(call.amount),
    evaluatedAt: call.evaluatedAt,
    paid: money(call.paid),
    outstanding: money(call.outstanding),
    lateFee: money(call.lateFee),
    liquidationPenalty: money(call.penalty),
    acknowledgedAt: call.acknowledgedAt,
    acknowledgedBy: call.acknowledgedBy,
    note: call.note,
    waiver: waiver === null ? null : { ...waiver, amount: money(waiver.amount) },
    closedAt: call.closedAt,
    closeReason: call.closeReason,
  };
}

/** Shows a step as the API does. */
export function toMarginCallEvent(event: StoredMarginCallEvent): MarginCallEvent {
  const money = (amount: Decimal): Money => toMoney({ amount, currency: event.currency });
  const { number, kind, at, knownAt, actor, reason, runId, stateBefore, stateAfter, payment } = event;
  return {
    ...{ number, kind, at, knownAt, actor, reason, runId, stateBefore, stateAfter },
    amount: money(event.amount),
    outstanding: money(event.outstanding),
    payment: payment === null ? null : toMoney(payment),
  };
}
