import fc from 'fast-check';
import { formatInstant, instantOf } from '../instant';
import { clockChanges, localTimeOf, timeZones, zonedInstant } from './time-zone';

describe('time zone rules', () => {
  // Published change dates: U.S. Naval Observatory, Physikalisch-Technische Bundesanstalt.
  it.each([
    ['America/New_York', 2024, ['2024-03-10', '2024-11-03']],
    ['America/Chicago', 2025, ['2025-03-09', '2025-11-02']],
    ['America/New_York', 2026, ['2026-03-08', '2026-11-01']],
    ['Europe/Berlin', 2024, ['2024-03-31', '2024-10-27']],
    ['Europe/Berlin', 2027, ['2027-03-28', '2027-10-31']],
    ['UTC', 2026, []],
  ] as const)('%s changes its clocks in %d on %j', (zone, year, dates) => {
    expect(clockChanges(zone, year)).toEqual(dates);
  });

  it.each([
    ['2026-03-06', '16:00', 'America/New_York', '2026-03-06T21:00:00.000Z'],
    ['2026-03-09', '16:00', 'America/New_York', '2026-03-09T20:00:00.000Z'],
    ['2026-10-30', '08:30', 'America/Chicago', '2026-10-30T13:30:00.000Z'],
    ['2026-11-02', '08:30', 'America/Chicago', '2026-11-02T14:30:00.000Z'],
    ['2026-03-27', '12:00', 'Europe/Berlin', '2026-03-27T11:00:00.000Z'],
    ['2026-03-30', '12:00', 'Europe/Berlin', '2026-03-30T10:00:00.000Z'],
    ['2026-07-01', '08:00', 'UTC', '2026-07-01T08:00:00.000Z'],
    // The hour that spring skips is taken an hour later; the hour that autumn repeats is its first.
    ['2026-03-29', '02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25', '02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
    ['2026-03-08', '02:30', 'America/New_York', '2026-03-08T07:30:00.000Z'],
    ['2026-11-01', '01:30', 'America/New_York', '2026-11-01T05:30:00.000Z'],
  ] as const)('%s %s in %s is %s', (date, time, zone, instant) => {
    expect(formatInstant(zonedInstant({ date, time, zone }))).toBe(instant);
  });

  it('agrees with the time zone data of the runtime in 2024 to 2028', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...timeZones),
        fc.integer({ min: Date.UTC(2024, 0, 1) / 60_000, max: Date.UTC(2028, 11, 31) / 60_000 }),
        (zone, minutes) => {
          const instant = instantOf(minutes * 60_000);
          const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
          const { date, time } = localTimeOf(instant, zone);
          expect(`${date} ${time}`).toBe(parts.format(instant));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('goes to the wall and back outside the hours in which clocks change', () => {
    fc.assert(
      fc.property(fc.constantFrom(...timeZones), fc.integer({ min: 0, max: 1800 }), (zone, days) => {
        const date = new Date(Date.UTC(2024, 0, 1 + days)).toISOString().slice(0, 10);
        expect(localTimeOf(zonedInstant({ date, time: '09:30', zone }), zone)).toEqual({ date, time: '09:30' });
      }),
    );
  });
});
