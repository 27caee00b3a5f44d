import fc from 'fast-check';
import {
  addDays,
  calendarDate,
  dayNumberOf,
  easterSunday,
  lastWeekday,
  nthWeekday,
  parseCalendarDate,
  weekdayOf,
} from './calendar-date';

describe('calendar date', () => {
  it.each([
    '2026-02-30',
    '2026-13-01',
    '2026-1-5',
    '26-01-05',
    '',
    '2026-01-05T00:00:00Z',
    20260105,
    null,
    '1899-12-31',
  ])('refuses %p and names the field', (value) => {
    expect(() => parseCalendarDate(value, 'date')).toThrow(
      expect.objectContaining({ code: 'INVALID_INSTANT', field: 'date' }),
    );
  });

  it('takes a leap day', () => {
    expect(parseCalendarDate('2028-02-29', 'date')).toBe('2028-02-29');
    expect(() => parseCalendarDate('2100-02-29', 'date')).toThrow();
  });

  // Wall calendars.
  it.each([
    ['2026-01-05', 1],
    ['1970-01-01', 4],
    ['1969-12-28', 7],
    ['2024-02-29', 4],
  ])('%s is weekday %d', (date, weekday) => expect(weekdayOf(date)).toBe(weekday));

  it('finds nth and last weekdays', () => {
    expect(nthWeekday({ year: 2026, month: 6, weekday: 5, nth: 3 })).toBe('2026-06-19');
    expect(nthWeekday({ year: 2025, month: 11, weekday: 4, nth: 4 })).toBe('2025-11-27');
    expect(lastWeekday({ year: 2027, month: 5, weekday: 1 })).toBe('2027-05-31');
    expect(lastWeekday({ year: 2026, month: 12, weekday: 5 })).toBe('2026-12-25');
  });

  // Published dates of Easter Sunday (U.S. Naval Observatory).
  it.each([
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2028, '2028-04-16'],
    [2000, '2000-04-23'],
    [2038, '2038-04-25'],
  ])('Easter %d is %s', (year, date) => expect(easterSunday(year)).toBe(date));

  it('counts days without gaps', () => {
    fc.assert(
      fc.property(fc.integer({ min: -20_000, max: 60_000 }), fc.integer({ min: -4000, max: 4000 }), (start, days) => {
        const date = addDays(calendarDate(1970, 1, 1), start);
        expect(dayNumberOf(date)).toBe(start);
        expect(addDays(addDays(date, days), -days)).toBe(date);
        expect(weekdayOf(addDays(date, 7))).toBe(weekdayOf(date));
      }),
    );
  });
});
