import { DomainError } from '../domain-error';
import type { Instant } from '../instant';
import { addDays, type CalendarDate, weekdayOf } from './calendar-date';
import { localTimeOf, type LocalTime, minutesOf, type TimeZone, zonedInstant } from './time-zone';

/** A day on which trading ends before its usual time. */
export interface EarlyClose {
  readonly close: LocalTime;
  /** When series that expire that day at the close are fixed. */
  readonly expiry: LocalTime;
}

/**
 * The days and hours of an exchange, as one version of its published calendar says.
 *
 * A changed holiday makes a new version; what an earlier version said stays.
 */
export interface ExchangeCalendar {
  readonly id: string;
  readonly name: string;
  /** Counts the versions of this calendar from 1. */
  readonly version: number;
  readonly zone: TimeZone;
  /** Days the version speaks of, both included; nothing is known of others. */
  readonly firstDate: CalendarDate;
  readonly lastDate: CalendarDate;
  readonly tradingDays: 'weekdays' | 'every-day';
  readonly open: LocalTime;
  readonly close: LocalTime;
  /** When series are fixed that settle on the open (`am`) and on the close (`pm`) of their expiry day. */
  readonly expiryTimes: { readonly am: LocalTime; readonly pm: LocalTime };
  /** Closed days that would be trading days by weekday, with their names. */
  readonly holidays: ReadonlyMap<CalendarDate, string>;
  readonly earlyCloses: ReadonlyMap<CalendarDate, EarlyClose>;
}

/** Tells whether the exchange trades on a date. @throws DomainError 'CALENDAR_RANGE' outside the version's days */
export function isSession(calendar: ExchangeCalendar, date: CalendarDate): boolean {
  requireCovered(calendar, date);
  if (calendar.holidays.has(date)) return false;
  return calendar.tradingDays === 'every-day' || weekdayOf(date) <= 5;
}

/** The instant at which a session opens. @throws DomainError 'CALENDAR_NO_SESSION', 'CALENDAR_RANGE' */
export function sessionOpen(calendar: ExchangeCalendar, date: CalendarDate): Instant {
  requireSession(calendar, date);
  return zonedInstant({ date, time: calendar.open, zone: calendar.zone });
}

/**
 * The instant at which a session closes, early where the calendar says so. A market that never closes ends its day at its
 * fixing time.
 *
 * @throws DomainError 'CALENDAR_NO_SESSION' on a day without trading, 'CALENDAR_RANGE'
 */
export function sessionClose(calendar: ExchangeCalendar, date: CalendarDate): Instant {
  requireSession(calendar, date);
  const time = calendar.earlyCloses.get(date)?.close ?? calendar.close;
  return zonedInstant({ date, time, zone: calendar.zone });
}

/** The first session after a date. @throws DomainError 'CALENDAR_RANGE' when the version ends before it */
export function nextSession(calendar: ExchangeCalendar, date: CalendarDate): CalendarDate {
  return addSessions(calendar, date, 1);
}

/**
 * Counts sessions on or back: business-day addition.
 *
 * @param sessions  0: the date itself when it is a session, else the next one; n > 0: the nth session after it; n < 0:
 *                  the nth before it
 * @throws DomainError 'CALENDAR_RANGE' when the version does not reach so far
 *
 * @example
 * addSessions(usEquityOptions, '2026-07-02', 1) // '2026-07-06': Independence Day is observed on Friday 3 July
 */
export function addSessions(calendar: ExchangeCalendar, date: CalendarDate, sessions: number): CalendarDate {
  if (!Number.isInteger(sessions)) {
    throw new DomainError('INVALID_PARAMETER', `sessions: expected a whole number, got ${sessions}`, 'sessions');
  }
  const step = sessions < 0 ? -1 : 1;
  let found = date;
  if (sessions === 0) {
    while (!isSession(calendar, found)) found = addDays(found, 1);
    return found;
  }
  for (let left = Math.abs(sessions); left > 0;) {
    found = addDays(found, step);
    if (isSession(calendar, found)) left -= 1;
  }
  return found;
}

/** The session of an instant: the day on the exchange's wall, or null when it does not trade that day. */
export function sessionOf(calendar: ExchangeCalendar, instant: Instant): CalendarDate | null {
  const { date } = localTimeOf(instant, calendar.zone);
  return isSession(calendar, date) ? date : null;
}

/** Tells whether the exchange is trading at an instant, the close itself excluded. @throws DomainError 'CALENDAR_RANGE' */
export function isOpenAt(calendar: ExchangeCalendar, instant: Instant): boolean {
  const date = sessionOf(calendar, instant);
  if (date === null) return false;
  if (minutesOf(calendar.open) === minutesOf(calendar.close)) return true;
  return instant >= sessionOpen(calendar, date) && instant < sessionClose(calendar, date);
}

/** Tells whether a version says anything of a date. */
export function isCovered(calendar: ExchangeCalendar, date: CalendarDate): boolean {
  return date >= calendar.firstDate && date <= calendar.lastDate;
}

function requireCovered(calendar: ExchangeCalendar, date: CalendarDate): void {
  if (isCovered(calendar, date)) return;
  const { id, version, firstDate, lastDate } = calendar;
  throw new DomainError(
    'CALENDAR_RANGE',
    `calendar ${id} version ${version} covers ${firstDate} to ${lastDate}, asked for ${date}`,
    'date',
  );
}

function requireSession(calendar: ExchangeCalendar, date: CalendarDate): void {
  if (isSession(calendar, date)) return;
  const reason = calendar.holidays.get(date) ?? 'not a trading day';
  throw new DomainError('CALENDAR_NO_SESSION', `${calendar.id} has no session on ${date} (${reason})`, 'date');
}
