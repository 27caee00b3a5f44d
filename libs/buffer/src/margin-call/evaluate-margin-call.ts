import { type DataQuality, Decimal, type Instant, type Money } from '@ballast/domain';
import type { BufferPolicy } from '../buffer-policy';
import type { BufferStatus } from '../buffer-status';
import { computeCallAmount } from '../call-amount';
import { advanceMarginCall, systemActor } from './advance-margin-call';
import type { MarginCall, MarginCallCloseReason, MarginCallEvent } from './margin-call';
import type { MarginCallDeadlines } from './margin-call-due';
import { accrueLateFee } from './margin-call-fees';
import type { MarginCallTerms } from './margin-call-terms';

/** What a run found for one account, as far as calls are concerned. */
export interface MarginCallResult {
  readonly accountId: string;
  readonly runId: string;
  readonly asOf: Instant;
  readonly status: BufferStatus;
  /** Only OK figures raise, change or close a call. */
  readonly quality: DataQuality;
  readonly equity: Money | null;
  readonly initial: Money | null;
  readonly maintenance: Money | null;
}

/** The figures of a result, once they are known to be there. */
interface CallFigures {
  readonly equity: Money;
  readonly initial: Money;
  readonly maintenance: Money;
}

export interface MarginCallEvaluation {
  /** The account's open call; null = none. */
  readonly call: MarginCall | null;
  readonly result: MarginCallResult;
  readonly policy: Pick<BufferPolicy, 'callMultiple' | 'callTargetMultiple' | 'releaseMultiple'>;
  readonly terms: MarginCallTerms;
  /** Deadlines of a call raised now; asked for only when one is. */
  readonly deadlines: () => MarginCallDeadlines;
  /** Payments on the open call that the run's equity does not hold; ≥ 0. */
  readonly unreflected: Decimal;
  /** Identifier of a call raised now; asked for only when one is. */
  readonly newCallId: () => string;
}

/**
 * What a run means for an account's margin call: one is raised, its amount follows the run, it is closed above the release
 * level, or closed and raised anew when a met call's account falls below the call level again or a waived need outgrows
 * the waiver. What time had done to the call by then comes first, with the amount of that time: whether the run or the
 * clock looks first makes no difference to fees. Figures that are not OK cause nothing (reliability §4: no automatic call
 * events from DEGRADED or worse).
 *
 * @returns events in order; none when nothing changes
 */
export function evaluateMarginCall(input: MarginCallEvaluation): readonly MarginCallEvent[] {
  const { equity, initial, maintenance, quality, asOf } = input.result;
  if (quality !== 'OK' || equity === null || initial === null || maintenance === null) return [];
  const figures = { equity, initial, maintenance };
  const passed = input.call === null ? [] : advanceMarginCall(input.call, input.terms, asOf);
  return [...passed, ...follow({ ...input, call: passed.at(-1)?.call ?? input.call }, figures)];
}

function follow(input: MarginCallEvaluation, figures: CallFigures): readonly MarginCallEvent[] {
  const { call } = input;
  const amount = computeCallAmount({ ...figures, policy: input.policy }).amount;
  if (call === null) return wantsCall(input, amount) ? [raise(input, figures, amount)] : [];
  if (isReleased(figures, input.policy)) return [close(input, call, 'RELEASED')];
  const outgrown = endsEarly(input, call, { ...figures, amount });
  if (outgrown !== null) return [close(input, call, outgrown), raise(input, figures, amount)];
  return update(input, call, amount);
}

function wantsCall({ result, terms }: MarginCallEvaluation, amount: Decimal): boolean {
  const called = result.status === 'MARGIN_CALL' || result.status === 'LIQUIDATION';
  return called && amount.greaterThan(0) && amount.greaterThanOrEqualTo(terms.minimumAmount);
}

/** Above the release level: the same rule as the ladder's, so that a call and MARGIN_CALL end together. */
function isReleased({ equity, maintenance }: CallFigures, policy: MarginCallEvaluation['policy']): boolean {
  if (maintenance.amount.isZero()) return !equity.amount.isNegative();
  return equity.amount.greaterThan(maintenance.amount.times(policy.releaseMultiple));
}

/** Why an open call makes way for a new one; null = it does not. */
function endsEarly(
  input: MarginCallEvaluation,
  call: MarginCall,
  { equity, maintenance, amount }: CallFigures & { readonly amount: Decimal },
): MarginCallCloseReason | null {
  const { policy, terms, unreflected } = input;
  if (call.state === 'MET') {
    const held = equity.amount.plus(unreflected);
    const fellAgain = held.lessThan(maintenance.amount.times(policy.callMultiple));
    return fellAgain && wantsCall(input, amount) ? 'MET' : null;
  }
  if (call.state !== 'WAIVED' || call.waiver === null) return null;
  const covered = call.waiver.amount.times(1 + terms.waiverGrowthFraction);
  return amount.greaterThan(covered) && wantsCall(input, amount) ? 'OUTGROWN' : null;
}

function raise(input: MarginCallEvaluation, { equity }: CallFigures, amount: Decimal): MarginCallEvent {
  const { result, newCallId, deadlines } = input;
  const { dueAt, escalatesAt, note } = deadlines();
  const zero = new Decimal(0);
  const { asOf } = result;
  const call: MarginCall = {
    id: newCallId(),
    accountId: result.accountId,
    currency: equity.currency,
    state: 'RAISED',
    raisedAt: asOf,
    dueAt,
    escalatesAt,
    amount,
    evaluatedAt: asOf,
    evaluatedRunId: result.runId,
    paid: zero,
    unreflected: zero,
    outstanding: amount,
    lateFee: zero,
    lateFeeUntil: dueAt,
    penalty: zero,
    acknowledgedAt: null,
    acknowledgedBy: null,
    note: null,
    waiver: null,
    closedAt: null,
    closeReason: null,
  };
  return { kind: 'RAISED', at: asOf, actor: systemActor, reason: note, payment: null, before: null, call };
}

function close(input: MarginCallEvaluation, call: MarginCall, closeReason: MarginCallCloseReason): MarginCallEvent {
  const { result, terms } = input;
  const after: MarginCall = {
    ...evaluated(input, call),
    ...accrueLateFee(call, terms, result.asOf),
    state: 'CLOSED',
    outstanding: new Decimal(0),
    closedAt: result.asOf,
    closeReason,
  };
  return {
    kind: 'CLOSED',
    at: result.asOf,
    actor: systemActor,
    reason: closeReason,
    payment: null,
    before: call.state,
    call: after,
  };
}

function evaluated({ result, unreflected }: MarginCallEvaluation, call: MarginCall): MarginCall {
  return { ...call, evaluatedAt: result.asOf, evaluatedRunId: result.runId, unreflected };
}

function update(input: MarginCallEvaluation, call: MarginCall, amount: Decimal): readonly MarginCallEvent[] {
  const { result, terms, unreflected } = input;
  const at = result.asOf;
  const base = { ...evaluated(input, call), ...accrueLateFee(call, terms, at), amount };
  const settled = call.state === 'MET' || call.state === 'WAIVED';
  const outstanding = settled ? new Decimal(0) : Decimal.max(0, amount.minus(unreflected));
  const state = !settled && outstanding.isZero() ? 'MET' : call.state;
  const updated: MarginCall = { ...base, outstanding, state };
  const events: MarginCallEvent[] = [];
  const same = amount.equals(call.amount) && outstanding.equals(call.outstanding) && state === call.state;
  const event = { at, actor: systemActor, payment: null };
  if (!same) events.push({ ...event, kind: 'AMOUNT_UPDATED', reason: null, before: call.state, call: updated });
  const lapsed = lapseWaiver(input, same ? call : updated);
  if (lapsed !== null)
    events.push({
      ...event,
      kind: 'WAIVER_LAPSED',
      reason: 'the need outgrew the proposal',
      before: lapsed.state,
      call: lapsed,
    });
  return events;
}

/** A proposed waiver ends when the need outgrows what its proposer saw; whoever approves it would approve another. */
function lapseWaiver({ terms }: MarginCallEvaluation, call: MarginCall): MarginCall | null {
  const { waiver } = call;
  if (waiver === null || waiver.approvedAt !== null) return null;
  if (call.outstanding.isZero()) return { ...call, waiver: null };
  const covered = waiver.amount.times(1 + terms.waiverGrowthFraction);
  return call.outstanding.greaterThan(covered) ? { ...call, waiver: null } : null;
}
