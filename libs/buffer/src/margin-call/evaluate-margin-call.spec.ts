import { dataQualities, Decimal, type Instant } from '@ballast/domain';
import fc from 'fast-check';
import {
  dueAt,
  escalatesAt,
  instant,
  pricedTerms,
  raisedAt,
  raisedCall,
  runOn,
} from '../../../../test/support/margin-call-builder';
import { payMarginCall } from './act-on-margin-call';
import { advanceMarginCall } from './advance-margin-call';
import type { MarginCall, MarginCallEvent } from './margin-call';

const next = instant('2026-11-19T15:00:00Z');
const shown = (events: readonly MarginCallEvent[]) =>
  events.map(
    ({ kind, call }) => `${kind} ${call.id} ${call.state} ${call.amount.toFixed()}/${call.outstanding.toFixed()}`,
  );
const proposed = {
  proposedBy: 'ann',
  proposedAt: raisedAt,
  reason: 'wire confirmed',
  amount: new Decimal(4_000),
  approvedBy: null,
  approvedAt: null,
};
const waived = raisedCall({
  state: 'WAIVED',
  outstanding: new Decimal(0),
  waiver: { ...proposed, approvedBy: 'ben', approvedAt: raisedAt },
});

describe('evaluateMarginCall without an open call', () => {
  it('asks for max(initial, 1.2 × maintenance) − equity: 12 000 − 8 000', () => {
    const [event] = runOn(null, { equity: '8000' });
    expect(event).toMatchObject({ kind: 'RAISED', at: raisedAt, actor: 'system', before: null });
    expect(event?.call).toMatchObject({ id: 'call-2', state: 'RAISED', dueAt, escalatesAt, evaluatedRunId: 'run-2' });
    expect(event?.call.amount.toFixed()).toBe('4000');
    expect(runOn(null, { equity: '8000', initial: '15000' })[0]?.call.amount.toFixed()).toBe('7000');
  });

  it.each(['HEALTHY', 'WATCH', 'INDETERMINATE'] as const)('asks for nothing of an account that is %s', (status) => {
    expect(runOn(null, { equity: '8000', status })).toEqual([]);
  });

  it('asks for nothing below the minimum amount, or where equity is at its target', () => {
    expect(runOn(null, { equity: '11999.99', terms: { ...pricedTerms, minimumAmount: 0.02 } })).toEqual([]);
    expect(shown(runOn(null, { equity: '11999.99' }))).toEqual(['RAISED call-2 RAISED 0.01/0.01']);
    expect(runOn(null, { equity: '12000' })).toEqual([]);
  });

  it('asks for a deficit where nothing is required', () => {
    const events = runOn(null, { equity: '-50', maintenance: '0', initial: '0', status: 'LIQUIDATION' });
    expect(shown(events)).toEqual(['RAISED call-2 RAISED 50/50']);
  });
});

describe('evaluateMarginCall with an open call', () => {
  it.each(dataQualities.filter((quality) => quality !== 'OK'))('does nothing on figures that are %s', (quality) => {
    for (const call of [null, raisedCall()]) {
      expect(runOn(call, { equity: '1', quality, at: next })).toEqual([]);
      expect(runOn(call, { equity: '99999', quality, status: 'HEALTHY', at: next })).toEqual([]);
    }
  });

  it('follows the runs up and down, and says nothing when nothing changes', () => {
    expect(shown(runOn(raisedCall(), { equity: '7000', at: next }))).toEqual([
      'AMOUNT_UPDATED call-1 RAISED 5000/5000',
    ]);
    expect(shown(runOn(raisedCall(), { equity: '9500', at: next }))).toEqual([
      'AMOUNT_UPDATED call-1 RAISED 2500/2500',
    ]);
    expect(runOn(raisedCall(), { equity: '8000', at: next })).toEqual([]);
  });

  it('is released only above 1.3 × maintenance', () => {
    expect(shown(runOn(raisedCall(), { equity: '13000', at: next }))).toEqual(['AMOUNT_UPDATED call-1 MET 0/0']);
    const [closed] = runOn(raisedCall(), { equity: '13000.01', status: 'HEALTHY', at: next });
    expect(closed?.call).toMatchObject({ state: 'CLOSED', closeReason: 'RELEASED', closedAt: next });
    expect(
      runOn(raisedCall(), { equity: '0', maintenance: '0', initial: '0', status: 'HEALTHY', at: next }),
    ).toHaveLength(1);
  });

  it('counts a payment once: until a run has seen it, against the amount; then within the equity', () => {
    const payment = { amount: new Decimal(1_500), currency: 'USD', credited: new Decimal(1_500), receivedAt: next };
    const paid = payMarginCall(raisedCall(), { actor: 'bo', at: next, payment, terms: pricedTerms }).call;
    expect(runOn(paid, { equity: '8000', unreflected: '1500', at: next })).toEqual([]);
    const seen = runOn(paid, { equity: '9500', at: next });
    expect(shown(seen)).toEqual(['AMOUNT_UPDATED call-1 PARTLY_MET 2500/2500']);
    expect(seen[0]?.call.paid.toFixed()).toBe('1500');
  });

  it('turns overdue by the time of a run, and escalated', () => {
    const late = (dueAt + 1) as Instant;
    expect(shown(runOn(raisedCall(), { equity: '8000', at: late }))).toEqual(['OVERDUE call-1 OVERDUE 4000/4000']);
    expect(shown(runOn(raisedCall(), { equity: '7000', at: (escalatesAt + 1) as Instant }))).toEqual([
      'OVERDUE call-1 OVERDUE 4000/4000',
      'ESCALATED call-1 ESCALATED 4000/4000',
      'AMOUNT_UPDATED call-1 ESCALATED 5000/5000',
    ]);
    expect(shown(runOn(raisedCall(), { equity: '12500', at: late }))).toEqual([
      'OVERDUE call-1 OVERDUE 4000/4000',
      'AMOUNT_UPDATED call-1 MET 0/0',
    ]);
  });

  it('owes the same fee whether the clock or a run sees first that it is late', () => {
    const at = (dueAt + 2 * 86_400_000) as Instant;
    const byRun = runOn(raisedCall(), { equity: '7000', at }).at(-1)?.call;
    const marked =
      advanceMarginCall(raisedCall(), pricedTerms, (dueAt + 5_000) as Instant).at(-1)?.call ?? raisedCall();
    const byClock = runOn(marked, { equity: '7000', at }).at(-1)?.call;
    expect(byRun?.lateFee.toFixed()).toBe('2');
    expect(byRun).toEqual(byClock);
  });

  it('raises a new call when the account of a met one falls below the call level again', () => {
    const met = raisedCall({ state: 'MET', amount: new Decimal(0), outstanding: new Decimal(0) });
    expect(shown(runOn(met, { equity: '10000', at: next }))).toEqual(['AMOUNT_UPDATED call-1 MET 2000/0']);
    const events = runOn(met, { equity: '9999.99', at: next });
    expect(shown(events)).toEqual(['CLOSED call-1 CLOSED 0/0', 'RAISED call-2 RAISED 2000.01/2000.01']);
    expect(events[0]?.call.closeReason).toBe('MET');
    expect(runOn(met, { equity: '9000', unreflected: '1000', at: next }).map(({ kind }) => kind)).toEqual([
      'AMOUNT_UPDATED',
    ]);
  });

  it('keeps a waiver while the need grows by no more than a tenth', () => {
    expect(shown(runOn(waived, { equity: '7600', at: next }))).toEqual(['AMOUNT_UPDATED call-1 WAIVED 4400/0']);
    const events = runOn(waived, { equity: '7599.99', at: next });
    expect(shown(events)).toEqual(['CLOSED call-1 CLOSED 4000/0', 'RAISED call-2 RAISED 4400.01/4400.01']);
    expect(events[0]?.call.closeReason).toBe('OUTGROWN');
    expect(runOn(waived, { equity: '8000', at: (escalatesAt + 1) as Instant })).toEqual([]);
  });

  it('lets a proposed waiver lapse when the need outgrows it, or is gone', () => {
    const pending = raisedCall({ waiver: proposed });
    expect(runOn(pending, { equity: '7600', at: next })[0]?.call.waiver).toEqual(proposed);
    const [, lapsed] = runOn(pending, { equity: '7500', at: next });
    expect(lapsed).toMatchObject({ kind: 'WAIVER_LAPSED', call: { waiver: null, state: 'RAISED' } });
    expect(runOn(pending, { equity: '12500', at: next }).map(({ kind }) => kind)).toEqual([
      'AMOUNT_UPDATED',
      'WAIVER_LAPSED',
    ]);
  });
});

describe('any sequence of runs', () => {
  it('never has two open calls, never a negative amount, and starts every call with RAISED', () => {
    const step = fc.record({
      equity: fc.integer({ min: 0, max: 20_000 }),
      hours: fc.integer({ min: 1, max: 30 }),
      unreflected: fc.constantFrom('0', '500'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let open: MarginCall | null = null;
        let now = raisedAt;
        for (const { equity, hours, unreflected } of steps) {
          now = (now + hours * 3_600_000) as Instant;
          const status = equity > 13_000 ? 'HEALTHY' : 'MARGIN_CALL';
          const events: readonly MarginCallEvent[] = runOn(open, {
            equity: String(equity),
            status,
            unreflected,
            at: now,
          });
          for (const { before, call } of events) {
            const closing: boolean = call.state === 'CLOSED';
            if (before === null) expect(open).toBeNull();
            else expect(open?.state).toBe(before);
            expect(call.outstanding.isNegative() || call.amount.isNegative()).toBe(false);
            open = closing ? null : call;
          }
        }
      }),
    );
  });
});
