import { formatInstant, parseInstant } from '../instant';
import { isSession, nextSession, sessionClose } from './exchange-calendar';
import { amendCalendar, exchangeCalendars, usEquityOptions } from './exchange-calendars';
import { findExpiryOrphan } from './series-expiry';

describe('calendars that come with the product', () => {
  it('are known by identifier and count about 252 sessions a year', () => {
    expect([...exchangeCalendars.keys()]).toEqual(['US-EQUITY-OPTIONS', 'US-INDEX-OPTIONS', 'CME', 'EUREX', 'DERIBIT']);
    let sessions = 0;
    for (let date = '2024-01-02'; date < '2025-01-01'; date = nextSession(usEquityOptions, date)) sessions += 1;
    expect(sessions).toBe(252); // NYSE 2024
  });

  it('close for the day of mourning that no rule gives', () => {
    expect(isSession(usEquityOptions, '2025-01-09')).toBe(false);
  });

  it('make an orphan of an expiry when a holiday is moved after the series was listed', () => {
    // LME 2022: the date of a bank holiday was moved when positions existed already.
    const expiry = parseInstant('2026-09-18T20:00:00Z', 'expiry');
    expect(findExpiryOrphan(usEquityOptions, expiry)).toBeNull();
    const moved = [{ date: '2026-09-18', change: 'holiday', name: 'Day of mourning' }] as const;
    const amended = amendCalendar(usEquityOptions, moved);
    expect(amended.version).toBe(2);
    expect(findExpiryOrphan(amended, expiry)).toMatchObject({ code: 'CAL_ORPHAN', date: '2026-09-18' });
    expect(findExpiryOrphan(usEquityOptions, expiry)).toBeNull();
    const restored = amendCalendar(amended, [{ date: '2026-09-18', change: 'session', name: 'opened after all' }]);
    expect(restored.version).toBe(3);
    expect(findExpiryOrphan(restored, expiry)).toBeNull();
  });

  it('take an early close, and refuse one without a time or outside their days', () => {
    const early = { date: '2026-09-18', change: 'early-close', name: 'storm' } as const;
    const amended = amendCalendar(usEquityOptions, [{ ...early, close: '12:00' }]);
    expect(formatInstant(sessionClose(amended, '2026-09-18'))).toBe('2026-09-18T16:00:00.000Z');
    expect(() => amendCalendar(usEquityOptions, [early])).toThrow(/needs a time/);
    expect(() => amendCalendar(usEquityOptions, [{ ...early, close: '25:00' }])).toThrow(/needs a time/);
    expect(() => amendCalendar(usEquityOptions, [{ ...early, date: '2031-01-02', close: '12:00' }])).toThrow(/covers/);
  });
});
