import { describeValue } from '../decimal';
import { DomainError } from '../domain-error';

/** A day of the Gregorian calendar without a time or zone, `2026-01-05`. Compares as text in the order of time. */
export type CalendarDate = string;

/** Weekday by ISO 8601: 1 Monday … 7 Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

const millisecondsPerDay = 86_400_000;

/**
 * Checks a calendar date strictly: the day must exist, 1900 to 2200.
 *
 * @throws DomainError 'INVALID_INSTANT' naming field and value
 */
export function parseCalendarDate(text: unknown, field: string): CalendarDate {
  const match = typeof text === 'string' ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) : null;
  if (match !== null) {
    const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
    if (year >= 1900 && year <= 2200 && calendarDate(year, month, day) === text) return text as CalendarDate;
  }
  throw new DomainError(
    'INVALID_INSTANT',
    `${field}: expected an existing date such as "2026-01-05", got ${describeValue(text)}`,
    field,
  );
}

/** The date of year, month (1…12) and day; days outside the month roll over into the neighbouring one. */
export function calendarDate(year: number, month: number, day: number): CalendarDate {
  return new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10);
}

/** Whole days since 1970-01-01. */
export function dayNumberOf(date: CalendarDate): number {
  return Date.UTC(yearOf(date), Number(date.slice(5, 7)) - 1, Number(date.slice(8, 10))) / millisecondsPerDay;
}

export function addDays(date: CalendarDate, days: number): CalendarDate {
  return new Date((dayNumberOf(date) + days) * millisecondsPerDay).toISOString().slice(0, 10);
}

export function yearOf(date: CalendarDate): number {
  return Number(date.slice(0, 4));
}

/** ISO weekday: 1970-01-01 was a Thursday. */
export function weekdayOf(date: CalendarDate): Weekday {
  return (((((dayNumberOf(date) + 3) % 7) + 7) % 7) + 1) as Weekday;
}

/**
 * The nth weekday of a month, for example the third Friday.
 *
 * @param place.nth  1…5; a fifth that does not exist lies in the next month
 *
 * @example
 * nthWeekday({ year: 2026, month: 1, weekday: 5, nth: 3 }) // '2026-01-16'
 */
export function nthWeekday(place: {
  readonly year: number;
  readonly month: number;
  readonly weekday: Weekday;
  readonly nth: number;
}): CalendarDate {
  const { year, month, weekday, nth } = place;
  const first = weekdayOf(calendarDate(year, month, 1));
  return calendarDate(year, month, 1 + ((weekday - first + 7) % 7) + 7 * (nth - 1));
}

/** The last given weekday of a month, for example the last Monday of May. */
export function lastWeekday(place: {
  readonly year: number;
  readonly month: number;
  readonly weekday: Weekday;
}): CalendarDate {
  const { year, month, weekday } = place;
  const last = calendarDate(year, month + 1, 0);
  return addDays(last, -((weekdayOf(last) - weekday + 7) % 7));
}

/**
 * Easter Sunday of the Gregorian calendar.
 *
 * Source: Meeus/Jones/Butcher computus (J. Meeus, Astronomical Algorithms, ch. 8), exact for every year from 1583.
 */
export function easterSunday(year: number): CalendarDate {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = Math.floor(b / 4);
  const g = Math.floor((8 * b + 13) / 25);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const month = Math.floor((h + l - 7 * m + 114) / 31);
  return calendarDate(year, month, ((h + l - 7 * m + 114) % 31) + 1);
}
