import { exchangeCalendars } from '@ballast/domain';
import { buildFuture, buildOption } from '../../../../test/support/lifecycle-builder';
import { calendarOf } from './calendar-of';

describe('calendar of a contract', () => {
  it('is the one it names', () => {
    const found = calendarOf(
      buildOption({ calendar: 'EUREX' }),
      { kind: 'equity', currency: 'USD' },
      exchangeCalendars,
    );
    expect(found).toMatchObject({ isAssumed: false, calendar: { id: 'EUREX' } });
    expect(calendarOf(buildOption({ calendar: 'MOON' }), undefined, exchangeCalendars)).toBeUndefined();
  });

  it.each([
    ['equity', 'USD', buildOption(), 'US-EQUITY-OPTIONS'],
    ['broad-index', 'USD', buildOption(), 'US-INDEX-OPTIONS'],
    ['broad-index', 'USD', buildFuture(), 'CME'],
    ['equity', 'EUR', buildOption(), 'EUREX'],
    ['crypto', 'USD', buildOption(), 'DERIBIT'],
    ['equity', 'INR', buildOption(), undefined],
    ['future', 'USD', buildOption(), undefined],
  ] as const)('is assumed for %s in %s', (kind, currency, instrument, id) => {
    expect(calendarOf(instrument, { kind, currency }, exchangeCalendars)?.calendar.id).toBe(id);
  });
});
