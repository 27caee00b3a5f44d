import type { Instant } from '@ballast/domain';
import { awaitingStates, type MarginCall, type MarginCallEvent } from './margin-call';
import { accrueLateFee, liquidationPenalty } from './margin-call-fees';
import type { MarginCallTerms } from './margin-call-terms';

/** Who stands behind what time alone brings about. */
export const systemActor = 'system';

/**
 * What the passing of time does to a call: OVERDUE when the due time has passed and something is outstanding, ESCALATED
 * when the escalation time has passed too. Each event bears its own time, however late somebody looks. Time is no figure,
 * so the quality of data has no say here.
 *
 * @returns events in order of time; none when nothing is due
 */
export function advanceMarginCall(call: MarginCall, terms: MarginCallTerms, at: Instant): readonly MarginCallEvent[] {
  const events: MarginCallEvent[] = [];
  let current = call;
  const step = (kind: 'OVERDUE' | 'ESCALATED', when: Instant, change: Partial<MarginCall>): void => {
    const before = current.state;
    current = { ...current, ...accrueLateFee(current, terms, when), ...change, state: kind };
    events.push({ kind, at: when, actor: systemActor, reason: null, payment: null, before, call: current });
  };
  if (at > current.dueAt && current.state !== 'OVERDUE' && isAwaiting(current)) {
    if (current.state !== 'ESCALATED') step('OVERDUE', current.dueAt, {});
  }
  if (at > current.escalatesAt && current.state === 'OVERDUE') {
    step('ESCALATED', current.escalatesAt, { penalty: liquidationPenalty(current.outstanding, terms) });
  }
  return events;
}

function isAwaiting({ state, outstanding }: MarginCall): boolean {
  return awaitingStates.includes(state) && outstanding.greaterThan(0);
}

/** Tells whether an account's call makes it LIQUIDATION at an instant: late, and something is outstanding. */
export function isCallOverdue(call: Pick<MarginCall, 'state' | 'dueAt' | 'outstanding'>, at: Instant): boolean {
  const { state, dueAt, outstanding } = call;
  return awaitingStates.includes(state) && outstanding.greaterThan(0) && at > dueAt;
}
