import { amendCalendar, formatInstant, usEquityOptions } from '@ballast/domain';
import { instant } from '../../../../test/support/margin-call-builder';
import { publishedMarginCallTerms as terms } from './margin-call-terms';
import { type DatedMarginCall, movedDeadlines } from './moved-deadlines';

const amended = (date: string, close?: string) =>
  amendCalendar(usEquityOptions, [
    close === undefined
      ? { date, change: 'holiday', name: 'mourning' }
      : { date, change: 'early-close', name: 'storm', close },
  ]);
// Raised at Wednesday's close: due on Thursday's, escalated on Friday's.
const call: DatedMarginCall = {
  state: 'RAISED',
  raisedAt: instant('2026-11-18T21:00:00Z'),
  knownAt: instant('2026-11-18T21:05:00Z'),
  dueAt: instant('2026-11-19T21:00:00Z'),
  escalatesAt: instant('2026-11-20T21:00:00Z'),
};
const moved = (changes: Partial<DatedMarginCall>, after: ReturnType<typeof amended>) => {
  const found = movedDeadlines({
    ...{ call: { ...call, ...changes }, before: usEquityOptions, after, terms },
    methodology: 'SPAN',
  });
  return found === null ? null : [formatInstant(found.dueAt), formatInstant(found.escalatesAt)];
};

describe('movedDeadlines', () => {
  it('counts the sessions of the other version', () => {
    expect(moved({}, amended('2026-11-19'))).toEqual(['2026-11-20T21:00:00.000Z', '2026-11-23T21:00:00.000Z']);
    expect(moved({}, amended('2026-11-19', '13:00'))?.[0]).toBe('2026-11-19T18:00:00.000Z');
    expect(moved({}, amended('2026-11-20'))).toEqual(['2026-11-19T21:00:00.000Z', '2026-11-23T21:00:00.000Z']);
    expect(moved({}, amended('2026-12-01'))).toBeNull();
  });

  it('counts from the day on which figures that waited were confirmed', () => {
    const knownAt = instant('2026-11-19T15:00:00Z');
    const late = { knownAt, dueAt: instant('2026-11-20T21:00:00Z'), escalatesAt: instant('2026-11-23T21:00:00Z') };
    expect(moved(late, amended('2026-11-19'))).toBeNull();
    expect(moved(late, amended('2026-11-20'))?.[0]).toBe('2026-11-23T21:00:00.000Z');
  });

  it('looks at what is still to come: the escalation of an overdue call, nothing of a settled one', () => {
    expect(moved({ state: 'OVERDUE' }, amended('2026-11-19', '13:00'))).toBeNull();
    expect(moved({ state: 'OVERDUE' }, amended('2026-11-20'))?.[1]).toBe('2026-11-23T21:00:00.000Z');
    for (const state of ['MET', 'WAIVED', 'ESCALATED', 'CLOSED'] as const)
      expect(moved({ state }, amended('2026-11-19'))).toBeNull();
  });
});
