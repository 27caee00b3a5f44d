import {
  addDays,
  calendarDate,
  type CalendarDate,
  easterSunday,
  lastWeekday,
  nthWeekday,
  weekdayOf,
} from './calendar-date';
import type { EarlyClose } from './exchange-calendar';

/** A closed day and its name. */
export type Holiday = readonly [CalendarDate, string];

/**
 * Holidays of the US securities exchanges in a year.
 *
 * Source: NYSE rule 7.2 and Cboe rule 5.1: a holiday on Sunday is kept on Monday, one on Saturday on the Friday before,
 * unless that ends a month or year (so 1 January on a Saturday is not kept).
 */
export function unitedStatesHolidays(year: number): Holiday[] {
  const easter = easterSunday(year);
  const holidays: (Holiday | null)[] = [
    observed(calendarDate(year, 1, 1), "New Year's Day"),
    [nthWeekday({ year, month: 1, weekday: 1, nth: 3 }), 'Martin Luther King Jr. Day'],
    [nthWeekday({ year, month: 2, weekday: 1, nth: 3 }), "Washington's Birthday"],
    [addDays(easter, -2), 'Good Friday'],
    [lastWeekday({ year, month: 5, weekday: 1 }), 'Memorial Day'],
    observed(calendarDate(year, 6, 19), 'Juneteenth'),
    observed(calendarDate(year, 7, 4), 'Independence Day'),
    [nthWeekday({ year, month: 9, weekday: 1, nth: 1 }), 'Labor Day'],
    [nthWeekday({ year, month: 11, weekday: 4, nth: 4 }), 'Thanksgiving Day'],
    observed(calendarDate(year, 12, 25), 'Christmas Day'),
  ];
  return holidays.filter((holiday) => holiday !== null);
}

/**
 * Days on which the US securities exchanges close early: 3 July before a weekday holiday, the day after Thanksgiving, and
 * 24 December, where they are sessions.
 */
export function unitedStatesEarlyCloses(year: number, times: EarlyClose): [CalendarDate, EarlyClose][] {
  const closed = new Set(unitedStatesHolidays(year).map(([date]) => date));
  const beforeIndependence = calendarDate(year, 7, 3);
  const christmasEve = calendarDate(year, 12, 24);
  const candidates = [
    ...(weekdayOf(calendarDate(year, 7, 4)) <= 5 ? [beforeIndependence] : []),
    addDays(nthWeekday({ year, month: 11, weekday: 4, nth: 4 }), 1),
    christmasEve,
  ];
  return candidates
    .filter((date) => weekdayOf(date) <= 5 && !closed.has(date))
    .map((date): [CalendarDate, EarlyClose] => [date, times]);
}

/** Days without trading at Eurex. Source: Eurex trading calendar; holidays are not moved to another day. */
export function eurexHolidays(year: number): Holiday[] {
  const easter = easterSunday(year);
  const holidays: Holiday[] = [
    [calendarDate(year, 1, 1), "New Year's Day"],
    [addDays(easter, -2), 'Good Friday'],
    [addDays(easter, 1), 'Easter Monday'],
    [calendarDate(year, 5, 1), 'Labour Day'],
    [calendarDate(year, 12, 24), 'Christmas Eve'],
    [calendarDate(year, 12, 25), 'Christmas Day'],
    [calendarDate(year, 12, 26), 'Boxing Day'],
    [calendarDate(year, 12, 31), "New Year's Eve"],
  ];
  return holidays.filter(([date]) => weekdayOf(date) <= 5);
}

function observed(date: CalendarDate, name: string): Holiday | null {
  const weekday = weekdayOf(date);
  if (weekday === 7) return [addDays(date, 1), name];
  if (weekday !== 6) return [date, name];
  const friday = addDays(date, -1);
  return friday.slice(0, 4) === date.slice(0, 4) ? [friday, name] : null;
}
