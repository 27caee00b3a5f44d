import {
  addDays,
  addSessions,
  type CalendarDate,
  DomainError,
  type ExchangeCalendar,
  type Instant,
  localTimeOf,
  type Methodology,
  sessionClose,
  weekdayOf,
  zonedInstant,
} from '@ballast/domain';
import type { MarginCallTerms } from './margin-call-terms';

/** When a call is due, and when it is escalated if nobody pays. */
export interface MarginCallDeadlines {
  readonly dueAt: Instant;
  readonly escalatesAt: Instant;
  /** Why the deadlines do not follow the exchange's own days; null when they do. */
  readonly note: string | null;
}

/** Name of the calendar that counts the business days of an account. */
export function marginCallCalendar(terms: MarginCallTerms, methodology: Methodology): string {
  return terms.calendarByMethodology[methodology] ?? terms.calendar;
}

/**
 * Business-day deadlines: due at the close of the nth session after the day on the exchange's wall on which the call is
 * raised, escalated at the close of the mth session after that. Where the close of that session is not later than the
 * raising itself (n = 0), the next session counts. Days of which a calendar says nothing are counted by weekday, to its
 * usual close, and the note says so.
 *
 * @example
 * // raised Thursday 2 July 2026 16:00 New York, one session: Friday is a holiday, due Monday 6 July 16:00
 */
export function marginCallDeadlines(
  calendar: ExchangeCalendar,
  terms: MarginCallTerms,
  call: { readonly raisedAt: Instant; readonly methodology: Methodology },
): MarginCallDeadlines {
  const { raisedAt, methodology } = call;
  const { date } = localTimeOf(raisedAt, calendar.zone);
  const sessions = terms.dueSessionsByMethodology[methodology] ?? terms.dueSessions;
  try {
    return countSessions({
      raisedAt,
      date,
      sessions,
      escalation: terms.escalationSessions,
      add: (from, count) => addSessions(calendar, from, count),
      close: (day) => sessionClose(calendar, day),
    });
  } catch (failure) {
    if (!(failure instanceof DomainError) || failure.code !== 'CALENDAR_RANGE') throw failure;
    const counted = countSessions({
      raisedAt,
      date,
      sessions,
      escalation: terms.escalationSessions,
      add: calendar.tradingDays === 'every-day' ? addDays : addWeekdays,
      close: (day) => zonedInstant({ date: day, time: calendar.close, zone: calendar.zone }),
    });
    return { ...counted, note: `CALENDAR_RANGE: deadlines count weekdays, ${failure.message}` };
  }
}

function countSessions(input: {
  readonly raisedAt: Instant;
  readonly date: CalendarDate;
  readonly sessions: number;
  readonly escalation: number;
  readonly add: (from: CalendarDate, count: number) => CalendarDate;
  readonly close: (day: CalendarDate) => Instant;
}): MarginCallDeadlines {
  const { raisedAt, date, sessions, escalation, add, close } = input;
  let day = add(date, sessions);
  if (close(day) <= raisedAt) day = add(day, 1);
  return { dueAt: close(day), escalatesAt: close(add(day, escalation)), note: null };
}

/** Monday to Friday; 0: the date itself, or the next weekday. */
function addWeekdays(from: CalendarDate, count: number): CalendarDate {
  let day = from;
  while (weekdayOf(day) > 5) day = addDays(day, count === 0 ? 1 : -1);
  for (let left = count; left > 0;) {
    day = addDays(day, 1);
    if (weekdayOf(day) <= 5) left -= 1;
  }
  return day;
}
