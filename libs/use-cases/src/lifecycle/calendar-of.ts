import type { ExchangeCalendar, Instrument } from '@ballast/domain';
import type { Underlying } from '@ballast/persistence';

/**
 * The exchange calendar of a contract: the one it names, else the one where contracts of its kind and currency trade
 * mostly; undefined where nothing is likely.
 */
export function calendarOf(
  instrument: Instrument,
  underlying: Pick<Underlying, 'kind' | 'currency'> | undefined,
  calendars: ReadonlyMap<string, ExchangeCalendar>,
): { readonly calendar: ExchangeCalendar; readonly isAssumed: boolean } | undefined {
  if (instrument.calendar !== undefined) {
    const named = calendars.get(instrument.calendar);
    return named === undefined ? undefined : { calendar: named, isAssumed: false };
  }
  const assumed = underlying === undefined ? undefined : calendars.get(likelyCalendar(instrument, underlying) ?? '');
  return assumed === undefined ? undefined : { calendar: assumed, isAssumed: true };
}

function likelyCalendar(
  { type }: Instrument,
  { kind, currency }: Pick<Underlying, 'kind' | 'currency'>,
): string | undefined {
  if (kind === 'crypto') return 'DERIBIT';
  const isShare = kind === 'equity';
  const isIndex = kind === 'narrow-index' || kind === 'broad-index' || kind === 'high-cap-index';
  if (!isShare && !isIndex) return undefined;
  if (currency === 'EUR' || currency === 'CHF') return 'EUREX';
  if (currency !== 'USD') return undefined;
  if (type === 'future') return 'CME';
  return isShare ? 'US-EQUITY-OPTIONS' : 'US-INDEX-OPTIONS';
}
