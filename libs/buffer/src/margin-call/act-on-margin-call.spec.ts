import { Decimal, DomainError, type Instant } from '@ballast/domain';
import { dueAt, escalatesAt, instant, pricedTerms, raisedCall } from '../../../../test/support/margin-call-builder';
import { acknowledgeMarginCall, approveWaiver, payMarginCall, proposeWaiver } from './act-on-margin-call';
import { type MarginCall, type MarginCallState, marginCallStates } from './margin-call';

const at = instant('2026-11-19T15:00:00Z');
const settled: readonly MarginCallState[] = ['MET', 'WAIVED', 'CLOSED'];
const inState = (state: MarginCallState, changes: Partial<MarginCall> = {}): MarginCall =>
  raisedCall({ state, outstanding: new Decimal(settled.includes(state) ? 0 : 4_000), ...changes });
const pay = (call: MarginCall, amount: string, receivedAt: Instant = at) => {
  const paid = new Decimal(amount);
  const payment = { amount: paid, currency: 'USD', credited: paid, receivedAt };
  return payMarginCall(call, { actor: 'bo', at, payment, terms: pricedTerms }).call;
};
const proposed = {
  proposedBy: 'ann',
  proposedAt: at,
  reason: 'wire confirmed',
  amount: new Decimal(4_000),
  approvedBy: null,
  approvedAt: null,
};
const approve = (call: MarginCall, actor = 'ben') =>
  approveWaiver(call, { actor, at, reason: 'agreed', terms: pricedTerms });

const acts = {
  acknowledge: (call: MarginCall) => acknowledgeMarginCall(call, { actor: 'rita', at, note: null }),
  'pay in part': (call: MarginCall) =>
    payMarginCall(call, {
      actor: 'bo',
      at,
      payment: { amount: new Decimal(1_000), currency: 'USD', credited: new Decimal(1_000), receivedAt: at },
      terms: pricedTerms,
    }),
  'pay in full': (call: MarginCall) =>
    payMarginCall(call, {
      actor: 'bo',
      at,
      payment: { amount: new Decimal(4_000), currency: 'USD', credited: new Decimal(4_000), receivedAt: at },
      terms: pricedTerms,
    }),
  'propose waiver': (call: MarginCall) => proposeWaiver(call, { actor: 'ann', at, reason: 'wire confirmed' }),
  'approve waiver': (call: MarginCall) => approve({ ...call, waiver: proposed }),
} as const;

/** Every act in every state: the state after it, or ✗ for a CONFLICT. Columns in order of the states. */
const transitions: Readonly<Record<keyof typeof acts, string>> = {
  acknowledge: 'ACKNOWLEDGED ✗ ✗ ✗ OVERDUE ESCALATED ✗ ✗',
  'pay in part': 'PARTLY_MET PARTLY_MET PARTLY_MET MET OVERDUE ESCALATED ✗ ✗',
  'pay in full': 'MET MET MET MET MET MET ✗ ✗',
  'propose waiver': 'RAISED ACKNOWLEDGED PARTLY_MET ✗ OVERDUE ESCALATED ✗ ✗',
  'approve waiver': 'WAIVED WAIVED WAIVED ✗ WAIVED WAIVED ✗ ✗',
};

describe('what people do to a call', () => {
  const cases = Object.entries(transitions).flatMap(([act, row]) =>
    row.split(' ').map((result, index) => {
      return [act as keyof typeof acts, marginCallStates[index] as MarginCallState, result] as const;
    }),
  );
  it('names every state of every act', () => {
    expect(cases).toHaveLength(Object.keys(acts).length * marginCallStates.length);
  });
  it.each(cases)('%s of a %s call: %s', (act, state, result) => {
    const call = inState(state);
    if (result === '✗') {
      expect(() => acts[act](call)).toThrow(expect.objectContaining({ code: 'CONFLICT', field: 'callId' }));
      return;
    }
    const event = acts[act](call);
    expect([event.before, event.call.state]).toEqual([state, result]);
  });
});

describe('acknowledgeMarginCall', () => {
  it('keeps who and what they said, once', () => {
    const event = acknowledgeMarginCall(raisedCall(), { actor: 'rita', at, note: 'client called back' });
    expect(event.call).toMatchObject({ acknowledgedBy: 'rita', acknowledgedAt: at, note: 'client called back' });
    const late = { ...event.call, state: 'OVERDUE' as const };
    expect(() => acknowledgeMarginCall(late, { actor: 'rita', at, note: null })).toThrow('acknowledged');
  });
});

describe('payMarginCall', () => {
  it('adds up to the cent', () => {
    const first = pay(raisedCall(), '3999.99');
    expect([first.state, first.outstanding.toFixed(), first.paid.toFixed()]).toEqual(['PARTLY_MET', '0.01', '3999.99']);
    const second = pay(first, '0.01');
    expect([second.state, second.outstanding.toFixed(), second.unreflected.toFixed()]).toEqual(['MET', '0', '4000']);
    expect(pay(second, '10').paid.toFixed()).toBe('4010');
  });

  it('takes interest up to the day the money arrived', () => {
    const late = raisedCall({ state: 'OVERDUE' });
    expect(pay(late, '4000', escalatesAt)).toMatchObject({ state: 'MET', lateFeeUntil: escalatesAt });
    expect(pay(late, '4000', escalatesAt).lateFee.toFixed()).toBe('1');
    expect(pay(late, '4000', dueAt).lateFee.toFixed()).toBe('0');
  });

  it.each(['0', '-1'])('refuses %s', (amount) => {
    expect(() => pay(raisedCall(), amount)).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', field: 'amount' }),
    );
  });

  it('refuses money from before the call', () => {
    expect(() => pay(raisedCall(), '1', instant('2026-11-18T20:59:59Z'))).toThrow('receivedAt');
  });
});

describe('a waiver', () => {
  it('needs two people', () => {
    const { call } = proposeWaiver(raisedCall(), { actor: 'ann', at, reason: 'wire confirmed' });
    expect(call).toMatchObject({ state: 'RAISED', waiver: proposed });
    expect(() => approve(call, 'ann')).toThrow(expect.objectContaining({ code: 'SECOND_PERSON_REQUIRED' }));
    const { call: waived } = approve(call);
    expect(waived).toMatchObject({ state: 'WAIVED', waiver: { proposedBy: 'ann', approvedBy: 'ben', approvedAt: at } });
    expect(waived.outstanding.toFixed()).toBe('0');
  });

  it('is proposed once, and approved only when proposed', () => {
    const { call } = proposeWaiver(raisedCall(), { actor: 'ann', at, reason: 'wire confirmed' });
    expect(() => proposeWaiver(call, { actor: 'ben', at, reason: 'again' })).toThrow(DomainError);
    expect(() => approve(raisedCall())).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });

  it('leaves the fees owed so far', () => {
    const late = raisedCall({
      state: 'ESCALATED',
      penalty: new Decimal(40),
      lateFee: new Decimal(1),
      waiver: proposed,
    });
    const { call } = approveWaiver(late, { actor: 'ben', at: escalatesAt, reason: 'agreed', terms: pricedTerms });
    expect([call.penalty.toFixed(), call.lateFee.toFixed()]).toEqual(['40', '2']);
  });
});
