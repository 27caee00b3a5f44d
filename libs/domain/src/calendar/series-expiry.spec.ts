import { formatInstant, parseInstant } from '../instant';
import { isSession } from './exchange-calendar';
import { cmeFutures, deribit, eurex, usEquityOptions, usIndexOptions } from './exchange-calendars';
import { expiryInstant, findExpiryOrphan, findLateExpiry, findMovedExpiry, monthlyExpiryDate } from './series-expiry';

describe('expiry of a series', () => {
  // OCC and Cboe expiration calendars: Good Friday 2025, Juneteenth 2026 and 2027 fall on the third Friday.
  it.each([
    [usEquityOptions, 2025, 4, '2025-04-17'],
    [usEquityOptions, 2026, 6, '2026-06-18'],
    [usIndexOptions, 2027, 6, '2027-06-17'],
    [usEquityOptions, 2026, 1, '2026-01-16'],
    [cmeFutures, 2026, 9, '2026-09-18'],
    [eurex, 2025, 4, '2025-04-17'],
    [eurex, 2026, 12, '2026-12-18'],
  ])('%#: third Friday of %d-%d', (calendar, year, month, date) => {
    expect(monthlyExpiryDate(calendar, { year, month, rule: 'third-friday' })).toBe(date);
  });

  it('takes the last Friday of coin options, a holiday elsewhere or not', () => {
    expect(monthlyExpiryDate(deribit, { year: 2026, month: 12, rule: 'last-friday' })).toBe('2026-12-25');
  });

  it.each([
    [usIndexOptions, '2026-03-20', 'am', '2026-03-20T13:30:00.000Z'],
    [usIndexOptions, '2026-03-20', 'pm', '2026-03-20T20:00:00.000Z'],
    [usIndexOptions, '2026-02-20', 'am', '2026-02-20T14:30:00.000Z'],
    [usIndexOptions, '2026-11-27', 'pm', '2026-11-27T18:00:00.000Z'],
    [usEquityOptions, '2026-12-24', 'pm', '2026-12-24T18:00:00.000Z'],
    [cmeFutures, '2026-03-20', 'am', '2026-03-20T13:30:00.000Z'],
    [eurex, '2026-03-20', 'am', '2026-03-20T11:00:00.000Z'],
    [deribit, '2026-03-27', 'pm', '2026-03-27T08:00:00.000Z'],
  ] as const)('%#: %s settled %s is fixed at %s', (calendar, date, settlement, instant) => {
    expect(formatInstant(expiryInstant(calendar, { date, settlement }))).toBe(instant);
  });

  it('always finds a session in the five years', () => {
    for (const calendar of [usEquityOptions, usIndexOptions, cmeFutures, eurex, deribit]) {
      for (let index = 0; index < 60; index += 1) {
        const series = { year: 2024 + Math.floor(index / 12), month: (index % 12) + 1, rule: 'third-friday' } as const;
        expect(isSession(calendar, monthlyExpiryDate(calendar, series))).toBe(true);
      }
    }
  });

  it('finds the orphan, and says nothing of days it does not know', () => {
    const orphan = findExpiryOrphan(usEquityOptions, parseInstant('2025-04-18T20:00:00Z', 'expiry'));
    expect(orphan).toEqual({
      code: 'CAL_ORPHAN',
      date: '2025-04-18',
      reason: 'expiry on 2025-04-18, which is no session of US-EQUITY-OPTIONS version 1 (Good Friday)',
    });
    expect(findExpiryOrphan(usEquityOptions, parseInstant('2025-04-17T20:00:00Z', 'expiry'))).toBeNull();
    expect(findExpiryOrphan(usEquityOptions, parseInstant('2007-04-21T21:00:00Z', 'expiry'))).toBeNull();
    expect(findExpiryOrphan(deribit, parseInstant('2026-12-25T08:00:00Z', 'expiry'))).toBeNull();
  });

  it('finds an expiry after an early close, in winter and in any zone of the text, and nothing on other days', () => {
    const late = (expiry: string) => findLateExpiry(usEquityOptions, parseInstant(expiry, 'expiry'));
    expect(late('2026-11-27T21:00:00Z')).toBe(
      'expiry at 2026-11-27T21:00:00.000Z, but US-EQUITY-OPTIONS version 1 closes early on 2026-11-27: 2026-11-27T18:00:00.000Z',
    );
    expect(late('2026-11-27T13:00:00.001-05:00')).toMatch(/closes early/);
    expect(late('2026-11-28T01:00:00Z')).toMatch(/closes early on 2026-11-27/);
    expect(late('2026-11-27T18:00:00Z')).toBeNull();
    expect(late('2026-11-27T14:30:00Z')).toBeNull();
    expect(late('2026-12-18T21:00:00Z')).toBeNull();
    expect(late('2007-11-23T21:00:00Z')).toBeNull();
    expect(findLateExpiry(deribit, parseInstant('2026-11-27T21:00:00Z', 'expiry'))).toBeNull();
  });

  it('tells which contracts a new version of a calendar fixes at another instant', () => {
    const early = { name: 'early close', close: '13:00', expiry: '13:00' };
    const later = {
      ...usEquityOptions,
      version: 2,
      earlyCloses: new Map([...usEquityOptions.earlyCloses, ['2026-12-18', early]]),
    };
    const moved = (expiry: string) => findMovedExpiry(usEquityOptions, later, parseInstant(expiry, 'expiry'));
    expect(moved('2026-12-18T21:00:00Z')).toBe(
      'expiry at 2026-12-18T21:00:00.000Z, but US-EQUITY-OPTIONS version 2 fixes series of 2026-12-18 at 2026-12-18T18:00:00.000Z, not at 2026-12-18T21:00:00.000Z',
    );
    expect(moved('2026-12-18T18:00:00Z')).toBeNull();
    expect(moved('2026-12-18T14:30:00Z')).toBeNull();
    expect(moved('2026-12-17T21:00:00Z')).toBeNull();
    expect(moved('2026-12-19T21:00:00Z')).toBeNull();
    // Taken back again: who was fixed early is fixed at the close.
    const back = (expiry: string) => findMovedExpiry(later, usEquityOptions, parseInstant(expiry, 'expiry'));
    expect(back('2026-12-18T18:00:00Z')).toMatch(/fixes series of 2026-12-18 at 2026-12-18T21:00:00/);
    expect(back('2026-12-18T21:00:00Z')).toBeNull();
  });
});
