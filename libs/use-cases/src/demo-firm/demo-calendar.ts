import { calendarDate, type CalendarDate, instantOf, type Instant, isSession, usEquityOptions } from '@ballast/domain';

const millisecondsPerDay = 86_400_000;
/** The demo closes at 21:00 UTC every weekday: 16:00 in New York in winter. */
const closeOfDay = 21 * 3_600_000;

/** Returns the last `count` weekday closes up to and including `until`, oldest first. */
export function demoCloses(until: Instant, count: number): Instant[] {
  const closes: Instant[] = [];
  let day = Math.floor((until - closeOfDay) / millisecondsPerDay);
  while (closes.length < count) {
    const weekday = (day + 4) % 7;
    if (weekday !== 0 && weekday !== 6) closes.push(instantOf(day * millisecondsPerDay + closeOfDay));
    day -= 1;
  }
  return closes.reverse();
}

/** Coin options expire in the morning, UTC, and have no holidays. */
const morningHour = 12;

const dateOf = (milliseconds: number): CalendarDate => {
  const day = new Date(milliseconds);
  return calendarDate(day.getUTCFullYear(), day.getUTCMonth() + 1, day.getUTCDate());
};

/** Beyond the days of the calendar's version every weekday counts as a session: a demo may be drawn at any time. */
function isKnownHoliday(date: CalendarDate): boolean {
  const { firstDate, lastDate } = usEquityOptions;
  return date >= firstDate && date <= lastDate && !isSession(usEquityOptions, date);
}

/**
 * Returns the expiry instants listed after `from`: the third Friday of each of the months 1, 2, 4 and 7 ahead, at
 * `hour` o'clock UTC; the day before where the exchanges of the afternoon are closed on it.
 */
export function demoExpiries(from: Instant, hour: number): Instant[] {
  const start = new Date(from);
  return [1, 2, 4, 7].map((months) => {
    const first = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + months, 1);
    const weekday = new Date(first).getUTCDay();
    const thirdFriday = 14 + ((5 - weekday + 7) % 7);
    const friday = first + thirdFriday * millisecondsPerDay;
    const isHoliday = hour > morningHour && isKnownHoliday(dateOf(friday));
    return instantOf(friday - (isHoliday ? millisecondsPerDay : 0) + hour * 3_600_000);
  });
}
