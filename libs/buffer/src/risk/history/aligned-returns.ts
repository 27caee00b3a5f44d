import { DomainError, type Instant } from '@ballast/domain';
import { log } from '@ballast/pricing';

/** Daily prices of several symbols, oldest day first. */
export interface PriceSeries {
  readonly symbols: readonly string[];
  readonly days: readonly {
    /** Calendar date `2026-01-05`. */
    readonly date: string;
    /** One price per symbol, > 0; null where there is none. */
    readonly prices: readonly (number | null)[];
  }[];
}

/** Returns of the underlyings of an account on common days. */
export interface AlignedReturns {
  readonly underlyingIds: readonly string[];
  /** Log returns per underlying, oldest first; the arrays have one length. */
  readonly columns: readonly Float64Array[];
  /** Day on which each return ends. */
  readonly dates: readonly string[];
  /** Day from which the first return starts. */
  readonly from: string;
  readonly warnings: readonly string[];
}

/** Days between the latest price and the account after which it is worth a warning. */
const staleDays = 10;

/**
 * Lines up the price histories of an account's underlyings: only days on which all of them have a price, only days up to
 * the account's own, the latest `window` returns. A day that one market lacks makes the next return span both.
 *
 * @param input.symbols  symbol of each underlying where it is not the underlying's own identifier
 * @param input.window   returns used; all when absent
 * @throws DomainError 'PRICE_MISSING' for an underlying without a column, 'INVALID_PARAMETER' for fewer than 20 returns
 */
export function alignReturns(input: {
  readonly series: PriceSeries;
  readonly underlyingIds: readonly string[];
  readonly symbols?: Readonly<Record<string, string>>;
  readonly asOf: Instant;
  readonly window?: number;
}): AlignedReturns {
  const { series, underlyingIds, symbols = {}, asOf, window } = input;
  const places = underlyingIds.map((id) => placeOf(series, id, symbols[id] ?? id));
  const today = new Date(asOf).toISOString().slice(0, 10);
  const days: { readonly date: string; readonly prices: readonly number[] }[] = [];
  for (const { date, prices } of series.days) {
    if (date > today) break;
    const own = places.map((place) => prices[place] ?? NaN);
    if (own.every((price) => price > 0)) days.push({ date, prices: own });
  }
  const used = window === undefined ? days : days.slice(-(window + 1));
  const count = used.length - 1;
  if (count < returnsMinimum) {
    const asked = `prices: ${Math.max(0, count)} common daily returns up to ${today}, at least ${returnsMinimum} are needed`;
    throw new DomainError('INVALID_PARAMETER', asked, 'prices');
  }
  const columns = places.map((_, column) =>
    Float64Array.from({ length: count }, (__, index) =>
      log((used[index + 1]?.prices[column] as number) / (used[index]?.prices[column] as number)),
    ),
  );
  const latest = used[count]?.date as string;
  return {
    underlyingIds,
    columns,
    dates: used.slice(1).map(({ date }) => date),
    from: used[0]?.date as string,
    warnings: warningsOf({ latest, today, asked: window, count }),
  };
}

const returnsMinimum = 20;

/**
 * Sums returns over a horizon: all overlapping spans of h days; row t ends on day t + h − 1 of the columns.
 *
 * @param horizonDays  trading days, 1 leaves the returns as they are
 */
export function horizonReturns(column: Float64Array, horizonDays: number): Float64Array {
  const count = Math.max(0, column.length - horizonDays + 1);
  return Float64Array.from({ length: count }, (_, start) => {
    let sum = 0;
    for (let day = start; day < start + horizonDays; day += 1) sum += column[day] as number;
    return sum;
  });
}

function placeOf({ symbols }: PriceSeries, underlyingId: string, symbol: string): number {
  const place = symbols.indexOf(symbol);
  if (place >= 0) return place;
  const named = symbol === underlyingId ? underlyingId : `${underlyingId} (column ${symbol})`;
  throw new DomainError(
    'PRICE_MISSING',
    `${named}: no price history${symbols.length === 0 ? ' is stored' : ` among ${symbols.join(', ')}`}`,
    'prices',
  );
}

function warningsOf(facts: {
  readonly latest: string;
  readonly today: string;
  readonly asked: number | undefined;
  readonly count: number;
}): readonly string[] {
  const { latest, today, asked, count } = facts;
  const age = Math.round((Date.parse(today) - Date.parse(latest)) / 86_400_000);
  return [
    ...(age > staleDays ? [`the latest common price is of ${latest}, ${age} days before the account's ${today}`] : []),
    ...(asked !== undefined && count < asked ? [`${count} returns instead of the ${asked} asked for`] : []),
  ];
}
