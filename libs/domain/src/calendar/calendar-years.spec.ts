import { calendarYearsUntil } from './calendar-years';
import { parseInstant } from '../instant';

const from = parseInstant('2026-11-21T23:59:59Z', 'from');

describe('calendarYearsUntil', () => {
  it.each([
    ['2031-11-21', 5],
    ['2031-11-20', 4 + 364 / 365],
    ['2031-11-22', 5 + 1 / 366],
    ['2026-11-21', 0],
    ['2026-11-20', -1 / 365],
    ['2027-11-20', 364 / 365],
    ['2056-11-21', 30],
  ])('to %s is %d years, whatever leap days lie between', (date, years) => {
    expect(calendarYearsUntil(from, date)).toBeCloseTo(years, 14);
  });

  it('is exact on an anniversary, so that a bucket begins there', () => {
    expect(calendarYearsUntil(from, '2029-11-21')).toBe(3);
    expect(calendarYearsUntil(from, '2029-11-20')).toBeLessThan(3);
  });

  it('takes 1 March for the anniversary of 29 February', () => {
    expect(calendarYearsUntil(parseInstant('2024-02-29T12:00:00Z', 'from'), '2025-03-01')).toBe(1);
    expect(calendarYearsUntil(parseInstant('2024-02-29T12:00:00Z', 'from'), '2025-02-28')).toBeLessThan(1);
  });
});
