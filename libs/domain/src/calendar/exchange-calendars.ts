import { DomainError } from '../domain-error';
import type { CalendarDate } from './calendar-date';
import type { EarlyClose, ExchangeCalendar } from './exchange-calendar';
import { eurexHolidays, type Holiday, unitedStatesEarlyCloses, unitedStatesHolidays } from './holiday-rules';

/** Years of the calendars that come with the product: the exchanges have published them, or their rules give them. */
const years = [2024, 2025, 2026, 2027, 2028] as const;
const span = { firstDate: '2024-01-01', lastDate: '2028-12-31' } as const;

/** Closings that no rule gives. Source: Cboe and NYSE notices of 30 December 2024. */
const unitedStatesExtraordinary: readonly Holiday[] = [['2025-01-09', 'Day of mourning for President Carter']];

function holidaysOf(rule: (year: number) => readonly Holiday[], extra: readonly Holiday[] = []) {
  return new Map([...years.flatMap(rule), ...extra]);
}

function earlyClosesOf(times: EarlyClose, extra: readonly [CalendarDate, EarlyClose][] = []) {
  return new Map([...years.flatMap((year) => unitedStatesEarlyCloses(year, times)), ...extra]);
}

/** Options on shares and funds (Cboe rule 5.1, OCC): 09:30 to 16:00 New York, 13:00 on days of early close. */
export const usEquityOptions: ExchangeCalendar = {
  id: 'US-EQUITY-OPTIONS',
  name: 'US options on shares and funds (Cboe, OCC)',
  version: 1,
  zone: 'America/New_York',
  ...span,
  tradingDays: 'weekdays',
  open: '09:30',
  close: '16:00',
  expiryTimes: { am: '09:30', pm: '16:00' },
  holidays: holidaysOf(unitedStatesHolidays, unitedStatesExtraordinary),
  earlyCloses: earlyClosesOf({ close: '13:00', expiry: '13:00' }),
};

/**
 * Options on indices (Cboe rules 4.13 and 5.1): 09:30 to 16:15 New York; series of the morning are fixed on the opening
 * prices of the index, series of the afternoon on its close at 16:00 (13:00 on days of early close).
 */
export const usIndexOptions: ExchangeCalendar = {
  ...usEquityOptions,
  id: 'US-INDEX-OPTIONS',
  name: 'US options on indices (Cboe)',
  close: '16:15',
  earlyCloses: earlyClosesOf({ close: '13:15', expiry: '13:00' }),
};

/**
 * Futures and their options on indices at CME, by trade date: the day opens at 17:00 Chicago the evening before and closes
 * at 16:00; morning series are fixed at 08:30, others at 15:00. Holidays are the days without a trade date of their own.
 */
export const cmeFutures: ExchangeCalendar = {
  id: 'CME',
  name: 'CME futures and options on indices',
  version: 1,
  zone: 'America/Chicago',
  ...span,
  tradingDays: 'weekdays',
  open: '08:30',
  close: '16:00',
  expiryTimes: { am: '08:30', pm: '15:00' },
  holidays: holidaysOf(unitedStatesHolidays),
  earlyCloses: earlyClosesOf({ close: '12:15', expiry: '12:00' }, [
    ['2025-01-09', { close: '08:30', expiry: '08:30' }],
  ]),
};

/** Options at Eurex: 08:50 to 17:30 Frankfurt; index series are fixed at noon, share series at the close. */
export const eurex: ExchangeCalendar = {
  id: 'EUREX',
  name: 'Eurex options on shares and indices',
  version: 1,
  zone: 'Europe/Berlin',
  ...span,
  tradingDays: 'weekdays',
  open: '08:50',
  close: '17:30',
  expiryTimes: { am: '12:00', pm: '17:30' },
  holidays: holidaysOf(eurexHolidays),
  earlyCloses: new Map(),
};

/** Coin options at Deribit: every day around the clock, fixed at 08:00 UTC. */
export const deribit: ExchangeCalendar = {
  id: 'DERIBIT',
  name: 'Deribit coin options and futures',
  version: 1,
  zone: 'UTC',
  ...span,
  tradingDays: 'every-day',
  open: '08:00',
  close: '08:00',
  expiryTimes: { am: '08:00', pm: '08:00' },
  holidays: new Map(),
  earlyCloses: new Map(),
};

/** The calendars that come with the product, by identifier. */
export const exchangeCalendars: ReadonlyMap<string, ExchangeCalendar> = new Map(
  [usEquityOptions, usIndexOptions, cmeFutures, eurex, deribit].map((calendar) => [calendar.id, calendar]),
);

/** A day that a newer version of a calendar treats otherwise. */
export interface CalendarChange {
  readonly date: CalendarDate;
  /** holiday: no trading; session: trading after all; early-close: trading ends at `close`. */
  readonly change: 'holiday' | 'session' | 'early-close';
  /** Name of the holiday or reason of the change. */
  readonly name: string;
  /** Local time `13:00`; early-close only. */
  readonly close?: string;
}

/**
 * Makes the next version of a calendar; the one given stays as it is.
 *
 * @throws DomainError 'INVALID_PARAMETER' for an early close without a time, 'CALENDAR_RANGE' for a date not covered
 */
export function amendCalendar(calendar: ExchangeCalendar, changes: readonly CalendarChange[]): ExchangeCalendar {
  const holidays = new Map(calendar.holidays);
  const earlyCloses = new Map(calendar.earlyCloses);
  for (const { date, change, name, close } of changes) {
    if (date < calendar.firstDate || date > calendar.lastDate) {
      throw new DomainError(
        'CALENDAR_RANGE',
        `${calendar.id} covers ${calendar.firstDate} to ${calendar.lastDate}, got ${date}`,
        'date',
      );
    }
    holidays.delete(date);
    earlyCloses.delete(date);
    if (change === 'holiday') holidays.set(date, name);
    if (change !== 'early-close') continue;
    if (close === undefined || !/^([01]\d|2[0-3]):[0-5]\d$/.test(close)) {
      throw new DomainError(
        'INVALID_PARAMETER',
        `close: an early close on ${date} needs a time such as 13:00`,
        'close',
      );
    }
    earlyCloses.set(date, { close, expiry: close });
  }
  return { ...calendar, version: calendar.version + 1, holidays, earlyCloses };
}
