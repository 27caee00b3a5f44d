import { Decimal, DomainError, type Instant, type UnderlyingQuote } from '@ballast/domain';

/** A move of one underlying, or of all. */
export interface PriceAndVolatilityShift {
  /** Relative move of the price: −0.1 = −10 %. The price of a negative underlying rises with a positive move too. */
  readonly spot?: number;
  /** Relative move of every volatility: 0.25 turns 20 % into 25 %; ≥ −1. */
  readonly volatility?: number;
  /** Parallel move of the continuously compounded rates: 0.01 = one percentage point more [1/year]; dividend yields stay. */
  readonly rate?: number;
}

/**
 * A move of the market that an account is looked at under. All forwards, futures and perpetuals of an underlying move by
 * its relative move, options are repriced at the volatility of their strike (sticky strike); rates stay unless they are
 * moved.
 */
export interface MarketShift extends PriceAndVolatilityShift {
  /** Calendar days that pass, ≥ 0; contracts that expire on the way settle at their intrinsic value. */
  readonly days?: number;
  /** Moves of single underlyings, which replace the general ones. */
  readonly byUnderlying?: Readonly<Record<string, PriceAndVolatilityShift>>;
}

/** Longest time that may pass: 100 years of 365 days. */
const daysMaximum = 36_500;
const spotMaximum = 1_000;
const volatilityMaximum = 1_000;
const rateMaximum = 1;

/**
 * Checks a shift: finite numbers, volatility ≥ −1, days 0…36500, price moves of −100 % or more for underlyings whose price
 * is not negative by nature.
 *
 * @throws DomainError 'INVALID_MARKET_DATA' naming the field and the value, or an unknown underlying
 */
export function checkMarketShift(shift: MarketShift, underlyings: ReadonlyMap<string, UnderlyingQuote>): void {
  const { days = 0, byUnderlying = {} } = shift;
  if (!(days >= 0 && days <= daysMaximum)) refuse('shifts.days', `expected 0 to ${daysMaximum}`, days);
  checkMoves(shift, 'shifts', [...underlyings.values()]);
  for (const [id, moves] of Object.entries(byUnderlying)) {
    const quote = underlyings.get(id);
    if (quote === undefined) return refuse('shifts.underlyings', 'no such underlying', id);
    checkMoves(moves, `shifts.underlyings.${id}`, [quote]);
  }
}

/** Tells whether a shift moves nothing. */
export function isNoShift({ spot = 0, volatility = 0, rate = 0, days = 0, byUnderlying = {} }: MarketShift): boolean {
  const own = Object.values(byUnderlying);
  return (
    spot === 0 &&
    volatility === 0 &&
    rate === 0 &&
    days === 0 &&
    own.every((moves) => (moves.spot ?? 0) === 0 && (moves.volatility ?? 0) === 0 && (moves.rate ?? 0) === 0)
  );
}

/** Moves that apply to one underlying. */
export function movesOf(shift: MarketShift, underlyingId: string): Required<PriceAndVolatilityShift> {
  const own = shift.byUnderlying?.[underlyingId] ?? shift;
  return { spot: own.spot ?? 0, volatility: own.volatility ?? 0, rate: own.rate ?? 0 };
}

/**
 * Price after a relative move: S + |S| · move, to 15 significant digits, so that the last bit of a move that stands for an
 * amount is no cent of a large position.
 */
export function movedPrice(price: Decimal, move: number): Decimal {
  return move === 0 ? price : price.plus(price.abs().times(move)).toSignificantDigits(15);
}

/** Instant after a number of days of 86,400 s. */
export function daysAfter(asOf: Instant, days: number): Instant {
  return Math.round(asOf + days * 86_400_000) as Instant;
}

/** Tells whether an underlying may trade below 0: a future or something else such as a spread, never a share or a coin. */
export function mayBeNegative({ kind }: UnderlyingQuote): boolean {
  return kind === 'future' || kind === 'other';
}

function checkMoves(
  { spot = 0, volatility = 0, rate = 0 }: PriceAndVolatilityShift,
  path: string,
  quotes: readonly UnderlyingQuote[],
): void {
  if (!(Math.abs(spot) <= spotMaximum)) refuse(`${path}.spot`, `expected a fraction within ±${spotMaximum}`, spot);
  if (spot < -1 && !quotes.every(mayBeNegative))
    refuse(`${path}.spot`, 'a price move below −100 % is impossible', spot);
  if (!(volatility >= -1 && volatility <= volatilityMaximum))
    refuse(`${path}.volatility`, `expected a fraction from -1 to ${volatilityMaximum}`, volatility);
  if (!(Math.abs(rate) <= rateMaximum)) refuse(`${path}.rate`, `expected within ±${rateMaximum} per year`, rate);
}

function refuse(field: string, reason: string, value: unknown): never {
  throw new DomainError('INVALID_MARKET_DATA', `${field}: ${reason}, got ${String(value)}`, field);
}
