import { deribit, eurex, formatInstant, usEquityOptions } from '@ballast/domain';
import { instant } from '../../../../test/support/margin-call-builder';
import { marginCallCalendar, marginCallDeadlines } from './margin-call-due';
import { publishedMarginCallTerms as terms } from './margin-call-terms';

const due = (raised: string, changes: Partial<typeof terms> = {}, calendar = usEquityOptions) => {
  const call = { raisedAt: instant(raised), methodology: 'SPAN' } as const;
  const { dueAt, escalatesAt, note } = marginCallDeadlines(calendar, { ...terms, ...changes }, call);
  return [formatInstant(dueAt), formatInstant(escalatesAt), note];
};

describe('marginCallDeadlines', () => {
  it.each([
    // Wednesday's close → Thursday's, Friday's.
    ['2026-11-18T21:00:00Z', '2026-11-19T21:00:00.000Z', '2026-11-20T21:00:00.000Z'],
    // Friday after the close → Monday, Tuesday.
    ['2026-11-20T23:00:00Z', '2026-11-23T21:00:00.000Z', '2026-11-24T21:00:00.000Z'],
    // Wednesday before Thanksgiving → the short Friday, Monday.
    ['2026-11-25T21:00:00Z', '2026-11-27T18:00:00.000Z', '2026-11-30T21:00:00.000Z'],
    // Thursday before Independence Day observed on a Friday → Monday in summer time.
    ['2026-07-02T20:00:00Z', '2026-07-06T20:00:00.000Z', '2026-07-07T20:00:00.000Z'],
    // Saturday → Monday.
    ['2026-11-21T12:00:00Z', '2026-11-23T21:00:00.000Z', '2026-11-24T21:00:00.000Z'],
    // 03:00 UTC on Friday is still Thursday evening in New York → Friday.
    ['2026-11-20T03:00:00Z', '2026-11-20T21:00:00.000Z', '2026-11-23T21:00:00.000Z'],
  ])('counts sessions of the exchange: raised %s, due %s, escalated %s', (raised, dueAt, escalatesAt) => {
    expect(due(raised)).toEqual([dueAt, escalatesAt, null]);
  });

  it('takes the same day only while its close is to come', () => {
    expect(due('2026-11-18T15:00:00Z', { dueSessions: 0 })[0]).toBe('2026-11-18T21:00:00.000Z');
    expect(due('2026-11-18T21:00:00Z', { dueSessions: 0 })[0]).toBe('2026-11-19T21:00:00.000Z');
  });

  it('takes sessions and calendar of the methodology', () => {
    const call = { raisedAt: instant('2026-11-18T21:00:00Z'), methodology: 'TIMS' } as const;
    expect(formatInstant(marginCallDeadlines(usEquityOptions, terms, call).dueAt)).toBe('2026-11-23T21:00:00.000Z');
    expect(marginCallCalendar(terms, 'TIMS')).toBe('US-EQUITY-OPTIONS');
    expect(marginCallCalendar(terms, 'CRYPTO_PM')).toBe('DERIBIT');
    expect(due('2026-11-21T12:00:00Z', {}, deribit)[0]).toBe('2026-11-22T08:00:00.000Z');
    expect(due('2026-12-23T18:00:00Z', {}, eurex)[0]).toBe('2026-12-28T16:30:00.000Z');
  });

  it('counts weekdays where the calendar knows nothing, and says so', () => {
    const [dueAt, escalatesAt, note] = due('2012-06-15T20:00:00Z');
    expect([dueAt, escalatesAt]).toEqual(['2012-06-18T20:00:00.000Z', '2012-06-19T20:00:00.000Z']);
    expect(note).toContain('CALENDAR_RANGE');
    expect(due('2012-06-16T12:00:00Z')[0]).toBe('2012-06-18T20:00:00.000Z');
    expect(due('2012-06-16T12:00:00Z', { dueSessions: 0 })[0]).toBe('2012-06-18T20:00:00.000Z');
    expect(due('2012-06-16T12:00:00Z', {}, deribit)[0]).toBe('2012-06-17T08:00:00.000Z');
  });
});
