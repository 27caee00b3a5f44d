import { Decimal, type Instant } from '@ballast/domain';
import { dueAt, escalatesAt, pricedTerms, raisedCall } from '../../../../test/support/margin-call-builder';
import { advanceMarginCall, isCallOverdue } from './advance-margin-call';
import { type MarginCallState, marginCallStates } from './margin-call';

const after = (at: Instant): Instant => (at + 1) as Instant;
const kinds = (state: MarginCallState, at: Instant, outstanding = 4_000): readonly string[] =>
  advanceMarginCall(raisedCall({ state, outstanding: new Decimal(outstanding) }), pricedTerms, at).map(
    ({ kind }) => kind,
  );

describe('advanceMarginCall', () => {
  it('gives the due time in full: overdue one millisecond after it', () => {
    expect(kinds('RAISED', dueAt)).toEqual([]);
    expect(kinds('RAISED', after(dueAt))).toEqual(['OVERDUE']);
    expect(kinds('OVERDUE', escalatesAt)).toEqual([]);
    expect(kinds('OVERDUE', after(escalatesAt))).toEqual(['ESCALATED']);
  });

  it.each([
    ['RAISED', ['OVERDUE', 'ESCALATED']],
    ['ACKNOWLEDGED', ['OVERDUE', 'ESCALATED']],
    ['PARTLY_MET', ['OVERDUE', 'ESCALATED']],
    ['MET', []],
    ['OVERDUE', ['ESCALATED']],
    ['ESCALATED', []],
    ['WAIVED', []],
    ['CLOSED', []],
  ] as const)('moves a late call on: %s gives %j', (state, expected) => {
    const outstanding = ['MET', 'WAIVED', 'CLOSED'].includes(state) ? 0 : 4_000;
    expect(kinds(state, after(escalatesAt), outstanding)).toEqual(expected);
  });

  it('bears the times of the deadlines, the fee between them and the penalty', () => {
    const [overdue, escalated] = advanceMarginCall(raisedCall(), pricedTerms, after(escalatesAt));
    expect(overdue).toMatchObject({ at: dueAt, actor: 'system', before: 'RAISED', call: { state: 'OVERDUE' } });
    expect(overdue?.call.lateFee.toFixed()).toBe('0');
    expect(escalated).toMatchObject({ at: escalatesAt, before: 'OVERDUE', call: { state: 'ESCALATED' } });
    // 4 000 × 9 % × 1/360; 1 % of 4 000.
    expect([escalated?.call.lateFee.toFixed(), escalated?.call.penalty.toFixed()]).toEqual(['1', '40']);
  });

  it('does nothing a second time', () => {
    const [, escalated] = advanceMarginCall(raisedCall(), pricedTerms, after(escalatesAt));
    expect(advanceMarginCall(escalated?.call ?? raisedCall(), pricedTerms, after(escalatesAt))).toEqual([]);
  });
});

describe('isCallOverdue', () => {
  it('is late with something outstanding, in any state that awaits money', () => {
    const late = marginCallStates.filter((state) => isCallOverdue(raisedCall({ state }), after(dueAt)));
    expect(late).toEqual(['RAISED', 'ACKNOWLEDGED', 'PARTLY_MET', 'OVERDUE', 'ESCALATED']);
    expect(isCallOverdue(raisedCall(), dueAt)).toBe(false);
    expect(isCallOverdue(raisedCall({ outstanding: new Decimal(0) }), after(dueAt))).toBe(false);
  });
});
