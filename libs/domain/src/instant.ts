import { describeValue } from './decimal';
import { DomainError } from './domain-error';

/** A point in time: whole milliseconds since 1970-01-01T00:00:00Z. Branded so that a duration is not taken for it. */
export type Instant = number & { readonly __brand: 'Instant' };

const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
const millisecondsPerYear = 365 * 86_400_000;

/**
 * Parses an RFC 3339 instant strictly: a zone is required, and 2026-02-30, 24:00:00 or a leap second are refused
 * instead of rolled over. Fractions beyond milliseconds are cut.
 *
 * @throws DomainError 'INVALID_INSTANT' naming field and value
 *
 * @example
 * formatInstant(parseInstant('2026-01-05T10:25:11.5+01:00', 'asOf')) // '2026-01-05T09:25:11.500Z'
 */
export function parseInstant(text: unknown, field: string): Instant {
  const match = typeof text === 'string' && text.length <= 40 ? pattern.exec(text) : null;
  if (match === null) throw refusal(text, field);
  const [, year, month, day, hour, minute, second] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const zone = match[8] as string;
  const dayCount = daysInMonth(year, month);
  if (year < 1900 || year > 2200 || dayCount === 0 || day < 1 || day > dayCount) throw refusal(text, field);
  if (hour > 23 || minute > 59 || second > 59) throw refusal(text, field);
  const milliseconds = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return (Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) -
    zoneOffset(zone, text, field)) as Instant;
}

/** Formats an instant as RFC 3339 in UTC with milliseconds. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** Takes epoch milliseconds as an instant. @throws DomainError 'INVALID_INSTANT' when not a whole number of sane size */
export function instantOf(epochMilliseconds: number): Instant {
  if (!Number.isSafeInteger(epochMilliseconds) || Math.abs(epochMilliseconds) > 8.64e15)
    throw refusal(epochMilliseconds, 'instant');
  return epochMilliseconds as Instant;
}

/**
 * Years between two instants, ACT/365 Fixed over exact milliseconds: (later − earlier) / (365 · 86 400 000).
 * Negative when `later` lies before `earlier`.
 */
export function yearsBetween(earlier: Instant, later: Instant): number {
  return (later - earlier) / millisecondsPerYear;
}

function zoneOffset(zone: string, text: unknown, field: string): number {
  if (zone === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 14 || minutes > 59) throw refusal(text, field);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function daysInMonth(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function refusal(value: unknown, field: string): DomainError {
  const message = `${field}: expected an instant with a zone such as "2026-01-05T08:00:00Z", got ${describeValue(value)}`;
  return new DomainError('INVALID_INSTANT', message, field);
}
