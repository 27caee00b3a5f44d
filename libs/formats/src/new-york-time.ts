// Local time of the US exchanges as instants, by the daylight saving rules of the Uniform Time Act.
import { type Instant, instantOf } from '@ballast/domain';

/**
 * Gives the instant of a local time in New York on a calendar date.
 *
 * Rules: from 2007 summer time runs from the second Sunday of March to the first Sunday of November (Energy Policy Act
 * of 2005), 1987 to 2006 from the first Sunday of April to the last Sunday of October; it starts and ends at 02:00.
 * A rule in code, not the time zone data of the runtime, so that every machine gives the same instant.
 *
 * @param date  existing calendar date `2015-12-24`, 1987 or later
 * @param time  hour 3…23 and minute, local; the hours in which clocks change are not needed and not accepted
 *
 * @example
 * newYorkInstant('2015-12-24', { hour: 16, minute: 0 }) // 2015-12-24T21:00:00Z
 */
export function newYorkInstant(date: string, time: { readonly hour: number; readonly minute: number }): Instant {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  if (!(year >= 1987) || !(time.hour >= 3 && time.hour <= 23)) {
    throw new RangeError(`no New York time rule for ${date} ${time.hour}:${time.minute}`);
  }
  const dayNumber = Date.UTC(year, month - 1, day);
  const isSummer = dayNumber >= summerStart(year) && dayNumber < summerEnd(year);
  return instantOf(Date.UTC(year, month - 1, day, time.hour + (isSummer ? 4 : 5), time.minute));
}

function summerStart(year: number): number {
  return year >= 2007 ? nthSunday(year, 2, 2) : nthSunday(year, 3, 1);
}

function summerEnd(year: number): number {
  if (year >= 2007) return nthSunday(year, 10, 1);
  const lastDay = new Date(Date.UTC(year, 9, 31));
  return Date.UTC(year, 9, 31 - lastDay.getUTCDay());
}

/** Midnight UTC of the nth Sunday of a month (0 = January). */
function nthSunday(year: number, month: number, nth: number): number {
  const firstWeekday = new Date(Date.UTC(year, month, 1)).getUTCDay();
  return Date.UTC(year, month, 1 + ((7 - firstWeekday) % 7) + 7 * (nth - 1));
}
