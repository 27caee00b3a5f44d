import { defaultBufferPolicy, evaluateMarginCall, publishedMarginCallTerms } from '@ballast/buffer';
import type { MarginCall, MarginCallEvaluation, MarginCallEvent, MarginCallTerms } from '@ballast/buffer';
import { Decimal, type Instant, parseInstant, toMoney } from '@ballast/domain';

export const instant = (text: string): Instant => parseInstant(text, 'test');

/** Wednesday's close; the call is due on Thursday's and escalated on Friday's. */
export const raisedAt = instant('2026-11-18T21:00:00Z');
export const dueAt = instant('2026-11-19T21:00:00Z');
export const escalatesAt = instant('2026-11-20T21:00:00Z');

/** Terms with prices, so that a forgotten fee shows. */
export const pricedTerms: MarginCallTerms = {
  ...publishedMarginCallTerms,
  lateFeeRate: 0.09,
  liquidationPenaltyFraction: 0.01,
  liquidationPenaltyMinimum: 25,
};

/** A call for 4 000 of USD as it is raised. */
export function raisedCall(changes: Partial<MarginCall> = {}): MarginCall {
  const zero = new Decimal(0);
  const amount = new Decimal(4_000);
  return {
    id: 'call-1',
    accountId: 'account-1',
    currency: 'USD',
    state: 'RAISED',
    raisedAt,
    dueAt,
    escalatesAt,
    amount,
    evaluatedAt: raisedAt,
    evaluatedRunId: 'run-1',
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
    ...changes,
  };
}

/** What a run makes of a call, on figures in USD: initial 11 000, maintenance 10 000 unless stated. */
export function runOn(
  call: MarginCall | null,
  figures: {
    readonly equity: string;
    readonly maintenance?: string;
    readonly initial?: string;
    readonly at?: Instant;
    readonly status?: MarginCallEvaluation['result']['status'];
    readonly quality?: MarginCallEvaluation['result']['quality'];
    readonly unreflected?: string;
    readonly terms?: MarginCallTerms;
  },
): readonly MarginCallEvent[] {
  const asOf = figures.at ?? raisedAt;
  return evaluateMarginCall({
    call,
    result: {
      accountId: 'account-1',
      runId: 'run-2',
      asOf,
      status: figures.status ?? 'MARGIN_CALL',
      quality: figures.quality ?? 'OK',
      equity: toMoney(figures.equity, 'USD'),
      initial: toMoney(figures.initial ?? '11000', 'USD'),
      maintenance: toMoney(figures.maintenance ?? '10000', 'USD'),
    },
    policy: defaultBufferPolicy(asOf),
    terms: figures.terms ?? pricedTerms,
    deadlines: () => ({ dueAt, escalatesAt, note: null }),
    unreflected: new Decimal(figures.unreflected ?? 0),
    newCallId: () => 'call-2',
  });
}
