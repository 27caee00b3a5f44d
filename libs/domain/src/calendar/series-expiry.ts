import { formatInstant, type Instant } from '../instant';
import { addDays, type CalendarDate, lastWeekday, nthWeekday } from './calendar-date';
import { type ExchangeCalendar, isCovered, isSession } from './exchange-calendar';
import { localTimeOf, zonedInstant } from './time-zone';

/** am: fixed on the open of the expiry day; pm: fixed on its close. */
export type SettlementTime = 'am' | 'pm';

/** Which expiry of a month: the third Friday of listed options, or the last Friday of coin options. */
export type MonthlyRule = 'third-friday' | 'last-friday';

/**
 * The instant at which a series that expires on a date is fixed: open or close of the day by its settlement, earlier on a
 * day of early close.
 *
 * @throws DomainError 'CALENDAR_RANGE'
 */
export function expiryInstant(
  calendar: ExchangeCalendar,
  series: { readonly date: CalendarDate; readonly settlement: SettlementTime },
): Instant {
  const { date, settlement } = series;
  const { am, pm } = calendar.expiryTimes;
  const time = settlement === 'am' ? am : (calendar.earlyCloses.get(date)?.expiry ?? pm);
  return zonedInstant({ date, time, zone: calendar.zone });
}

/**
 * The expiry day of a month's series: the Friday of the rule, or where the exchange does not trade then the last session
 * before it (Cboe rule 4.5, Eurex contract specifications 2.1.8).
 *
 * @throws DomainError 'CALENDAR_RANGE'
 *
 * @example
 * monthlyExpiryDate(usEquityOptions, { year: 2025, month: 4, rule: 'third-friday' }) // '2025-04-17', before Good Friday
 */
export function monthlyExpiryDate(
  calendar: ExchangeCalendar,
  series: { readonly year: number; readonly month: number; readonly rule: MonthlyRule },
): CalendarDate {
  const { year, month, rule } = series;
  let date =
    rule === 'third-friday'
      ? nthWeekday({ year, month, weekday: 5, nth: 3 })
      : lastWeekday({ year, month, weekday: 5 });
  while (!isSession(calendar, date)) date = addDays(date, -1);
  return date;
}

/** Why an expiry does not fit a calendar. */
export interface ExpiryOrphan {
  readonly code: 'CAL_ORPHAN';
  readonly date: CalendarDate;
  readonly reason: string;
}

/**
 * Checks that a contract expires on a session of its exchange. An orphan expiry finds no settlement price that day, and a
 * feed that keeps the last one gives a wrong requirement in silence.
 *
 * @returns null when the day is a session, or when the version says nothing of the day
 */
export function findExpiryOrphan(calendar: ExchangeCalendar, expiry: Instant): ExpiryOrphan | null {
  const { date } = localTimeOf(expiry, calendar.zone);
  if (!isCovered(calendar, date) || isSession(calendar, date)) return null;
  const name = calendar.holidays.get(date) ?? 'no trading day';
  return {
    code: 'CAL_ORPHAN',
    date,
    reason: `expiry on ${date}, which is no session of ${calendar.id} version ${calendar.version} (${name})`,
  };
}

/**
 * Tells that a contract is said to expire after its series is fixed, on a day of early close: it would be valued with time
 * that it does not have, and settled late.
 *
 * @returns the reason; null when the day is an ordinary one, or when the version says nothing of the day
 */
export function findLateExpiry(calendar: ExchangeCalendar, expiry: Instant): string | null {
  const { date } = localTimeOf(expiry, calendar.zone);
  if (!calendar.earlyCloses.has(date)) return null;
  const fixedAt = expiryInstant(calendar, { date, settlement: 'pm' });
  if (expiry <= fixedAt) return null;
  const stated = `expiry at ${formatInstant(expiry)}`;
  return `${stated}, but ${calendar.id} version ${calendar.version} closes early on ${date}: ${formatInstant(fixedAt)}`;
}

/**
 * Tells that a new version of a calendar fixes a series at another instant than the one its contract states: an early close
 * was added, moved or taken back on the day of its expiry.
 *
 * @param before  the version that held until now
 * @param after   the new version of the same calendar
 * @returns the reason; null where nothing moves, the contract was fixed earlier in the day, or the day is no session of both
 */
export function findMovedExpiry(before: ExchangeCalendar, after: ExchangeCalendar, expiry: Instant): string | null {
  const { date } = localTimeOf(expiry, after.zone);
  if (![before, after].every((calendar) => isCovered(calendar, date) && isSession(calendar, date))) return null;
  const was = expiryInstant(before, { date, settlement: 'pm' });
  const is = expiryInstant(after, { date, settlement: 'pm' });
  if (was === is || (expiry <= is && expiry !== was)) return null;
  const version = `${after.id} version ${after.version}`;
  return `expiry at ${formatInstant(expiry)}, but ${version} fixes series of ${date} at ${formatInstant(is)}, not at ${formatInstant(was)}`;
}
