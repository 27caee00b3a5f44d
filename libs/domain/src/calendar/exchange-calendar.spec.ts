import fc from 'fast-check';
import { formatInstant, parseInstant } from '../instant';
import { addDays } from './calendar-date';
import {
  addSessions,
  isOpenAt,
  isSession,
  nextSession,
  sessionClose,
  sessionOf,
  sessionOpen,
} from './exchange-calendar';
import { cmeFutures, deribit, eurex, usEquityOptions, usIndexOptions } from './exchange-calendars';

const at = (text: string) => parseInstant(text, 'at');

describe('exchange calendar', () => {
  it.each([
    [usEquityOptions, '2026-01-02', '2026-01-02T21:00:00.000Z'],
    [usEquityOptions, '2026-11-27', '2026-11-27T18:00:00.000Z'],
    [usIndexOptions, '2026-06-30', '2026-06-30T20:15:00.000Z'],
    [usIndexOptions, '2026-12-24', '2026-12-24T18:15:00.000Z'],
    [cmeFutures, '2026-11-02', '2026-11-02T22:00:00.000Z'],
    [eurex, '2026-03-30', '2026-03-30T15:30:00.000Z'],
    [deribit, '2026-12-25', '2026-12-25T08:00:00.000Z'],
  ])('closes a session of $id on %s at %s', (calendar, date, close) => {
    expect(formatInstant(sessionClose(calendar, date))).toBe(close);
  });

  it('opens at its local time on both sides of a clock change', () => {
    expect(formatInstant(sessionOpen(usEquityOptions, '2026-10-30'))).toBe('2026-10-30T13:30:00.000Z');
    expect(formatInstant(sessionOpen(usEquityOptions, '2026-11-02'))).toBe('2026-11-02T14:30:00.000Z');
  });

  it('refuses hours of a day without trading and names it', () => {
    expect(() => sessionClose(usEquityOptions, '2025-01-09')).toThrow(/no session on 2025-01-09 \(Day of mourning/);
    expect(() => sessionClose(eurex, '2026-01-03')).toThrow(expect.objectContaining({ code: 'CALENDAR_NO_SESSION' }));
  });

  it('refuses a day it says nothing of', () => {
    expect(() => isSession(usEquityOptions, '2023-12-29')).toThrow(expect.objectContaining({ code: 'CALENDAR_RANGE' }));
    expect(() => nextSession(eurex, '2028-12-31')).toThrow(/covers 2024-01-01 to 2028-12-31/);
  });

  it('adds business days over weekends and holidays', () => {
    expect(addSessions(usEquityOptions, '2026-07-02', 1)).toBe('2026-07-06');
    expect(addSessions(usEquityOptions, '2026-07-04', 0)).toBe('2026-07-06');
    expect(addSessions(usEquityOptions, '2026-11-25', 2)).toBe('2026-11-30');
    expect(addSessions(usEquityOptions, '2026-04-06', -1)).toBe('2026-04-02');
    expect(nextSession(deribit, '2026-12-24')).toBe('2026-12-25');
    expect(() => addSessions(eurex, '2026-01-05', 1.5)).toThrow(/whole number/);
  });

  it('knows when it is open', () => {
    expect(isOpenAt(usEquityOptions, at('2026-11-27T17:59:59Z'))).toBe(true);
    expect(isOpenAt(usEquityOptions, at('2026-11-27T18:00:00Z'))).toBe(false);
    expect(isOpenAt(usEquityOptions, at('2026-11-26T17:00:00Z'))).toBe(false);
    expect(isOpenAt(deribit, at('2026-12-25T03:00:00Z'))).toBe(true);
    expect(sessionOf(usEquityOptions, at('2026-01-06T02:00:00Z'))).toBe('2026-01-05');
    expect(sessionOf(usEquityOptions, at('2026-01-04T12:00:00Z'))).toBeNull();
  });

  it('goes n sessions on and n back to the same session', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(usEquityOptions, cmeFutures, eurex, deribit),
        fc.integer({ min: 0, max: 1000 }),
        fc.integer({ min: 1, max: 60 }),
        (calendar, day, count) => {
          const start = addSessions(calendar, addDays('2024-06-03', day), 0);
          expect(addSessions(calendar, addSessions(calendar, start, count), -count)).toBe(start);
        },
      ),
    );
  });
});
