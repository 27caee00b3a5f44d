import type { Instant } from '../instant';

/**
 * Calendar years from the UTC day of an instant to a date: whole anniversaries passed, plus the days since the last one
 * over the days of that year. 2026-11-21 to 2031-11-21 is exactly 5, whatever leap days lie between; negative when the
 * date has passed. An anniversary of 29 February in a common year is 1 March.
 *
 * @param date  `2031-05-15`, an existing day
 */
export function calendarYearsUntil(from: Instant, date: string): number {
  const start = Math.floor(from / dayMs) * dayMs;
  const end = Date.parse(`${date}T00:00:00Z`);
  const first = new Date(start);
  let years = Number(date.slice(0, 4)) - first.getUTCFullYear();
  const anniversary = (count: number): number =>
    Date.UTC(first.getUTCFullYear() + count, first.getUTCMonth(), first.getUTCDate());
  if (anniversary(years) > end) years -= 1;
  return years + (end - anniversary(years)) / (anniversary(years + 1) - anniversary(years));
}

const dayMs = 86_400_000;
