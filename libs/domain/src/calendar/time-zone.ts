import { type Instant, instantOf } from '../instant';
import {
  addDays,
  calendarDate,
  type CalendarDate,
  dayNumberOf,
  lastWeekday,
  nthWeekday,
  yearOf,
} from './calendar-date';

/** Zones in which exchanges keep their hours. */
export const timeZones = ['America/New_York', 'America/Chicago', 'Europe/Berlin', 'UTC'] as const;
export type TimeZone = (typeof timeZones)[number];

/** A time of day on the wall, `09:30`. */
export type LocalTime = string;

interface ZoneRule {
  /** Hours east of Greenwich in winter; one more in summer. */
  readonly standardHours: number;
  readonly summer: 'none' | 'united-states' | 'european-union';
}

const ruleByZone: Readonly<Record<TimeZone, ZoneRule>> = {
  'America/New_York': { standardHours: -5, summer: 'united-states' },
  'America/Chicago': { standardHours: -6, summer: 'united-states' },
  'Europe/Berlin': { standardHours: 1, summer: 'european-union' },
  UTC: { standardHours: 0, summer: 'none' },
};
const millisecondsPerHour = 3_600_000;

/**
 * Gives the instant of a local time on a date, by rules in code instead of the time zone data of the runtime, so that
 * every machine gives the same instant.
 *
 * Rules from 2007: in the United States summer time runs from the second Sunday of March to the first Sunday of November,
 * 02:00 local (Energy Policy Act of 2005, section 110); in the European Union from the last Sunday of March to the last
 * Sunday of October, 01:00 UTC (Directive 2000/84/EC). A time that a spring change skips is taken an hour later; of a
 * time that an autumn change repeats the first is taken. No exchange opens or closes then.
 *
 * @param local.date  2007 or later
 *
 * @example
 * zonedInstant({ date: '2026-03-06', time: '16:00', zone: 'America/New_York' }) // 2026-03-06T21:00:00Z
 */
export function zonedInstant(local: {
  readonly date: CalendarDate;
  readonly time: LocalTime;
  readonly zone: TimeZone;
}): Instant {
  const { date, time, zone } = local;
  const rule = ruleByZone[zone];
  const wall = dayNumberOf(date) * 24 * millisecondsPerHour + minutesOf(time) * 60_000;
  const inSummer = instantOf(wall - (rule.standardHours + 1) * millisecondsPerHour);
  if (isSummer(inSummer, rule)) return inSummer;
  return instantOf(wall - rule.standardHours * millisecondsPerHour);
}

/** The date and time of day on the wall of a zone at an instant; seconds are cut. */
export function localTimeOf(
  instant: Instant,
  zone: TimeZone,
): { readonly date: CalendarDate; readonly time: LocalTime } {
  const rule = ruleByZone[zone];
  const hours = rule.standardHours + (isSummer(instant, rule) ? 1 : 0);
  const text = new Date(instant + hours * millisecondsPerHour).toISOString();
  return { date: text.slice(0, 10), time: text.slice(11, 16) };
}

/** Minutes since midnight of `09:30`. */
export function minutesOf(time: LocalTime): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

function isSummer(instant: Instant, { standardHours, summer }: ZoneRule): boolean {
  if (summer === 'none') return false;
  const year = yearOf(new Date(instant + standardHours * millisecondsPerHour).toISOString().slice(0, 10));
  if (summer === 'european-union') {
    const start = lastWeekday({ year, month: 3, weekday: 7 });
    const end = lastWeekday({ year, month: 10, weekday: 7 });
    return instant >= hourOf(start, 1) && instant < hourOf(end, 1);
  }
  const start = nthWeekday({ year, month: 3, weekday: 7, nth: 2 });
  const end = nthWeekday({ year, month: 11, weekday: 7, nth: 1 });
  return instant >= hourOf(start, 2 - standardHours) && instant < hourOf(end, 1 - standardHours);
}

function hourOf(date: CalendarDate, hourUtc: number): number {
  return dayNumberOf(date) * 24 * millisecondsPerHour + hourUtc * millisecondsPerHour;
}

/** Dates on which the clocks of a zone change in a year; empty where they never do. */
export function clockChanges(zone: TimeZone, year: number): readonly CalendarDate[] {
  const changes: CalendarDate[] = [];
  for (let date = calendarDate(year, 1, 1); yearOf(date) === year; date = addDays(date, 1)) {
    const noon = zonedInstant({ date, time: '12:00', zone });
    const noonBefore = zonedInstant({ date: addDays(date, -1), time: '12:00', zone });
    if (noon - noonBefore !== 24 * millisecondsPerHour) changes.push(date);
  }
  return changes;
}
