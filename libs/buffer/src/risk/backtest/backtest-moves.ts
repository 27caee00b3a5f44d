import { log } from '@ballast/pricing';
import { ewmaVolatilities } from '../statistics/ewma-volatility';
import type { LegMarket } from './standard-portfolios';

/** One underlying over the days of a backtest. */
export interface BacktestSeries {
  readonly symbol: string;
  /** > 0, one per day. */
  readonly prices: Float64Array;
  /** Annual implied volatility known on each day, > 0. */
  readonly volatilities: Float64Array;
}

/** Standardised past moves of one underlying and the sizes they are scaled to. */
export interface BacktestMoves {
  readonly series: BacktestSeries;
  /** Return and volatility change from day t to t + 1, by their size known on day t. */
  readonly price: Float64Array;
  readonly volatility: Float64Array;
  /** Sizes known on each day. */
  readonly priceSizes: Float64Array;
  readonly volatilitySizes: Float64Array;
}

/** Standard deviations of one day: of the log price and of the log volatility. */
export interface MoveSizes {
  readonly price: number;
  readonly volatility: number;
}

/** Divides the moves of a series by their exponentially weighted sizes. @param decay  λ */
export function standardiseMoves(series: BacktestSeries, decay: number): BacktestMoves {
  const returns = logChanges(series.prices);
  const changes = logChanges(series.volatilities);
  const [priceSizes, volatilitySizes] = [ewmaVolatilities(returns, decay), ewmaVolatilities(changes, decay)];
  return {
    series,
    price: returns.map((value, day) => standard(value, priceSizes[day] as number)),
    volatility: changes.map((value, day) => standard(value, volatilitySizes[day] as number)),
    priceSizes,
    volatilitySizes,
  };
}

/** Root mean square of the sizes known on the days from … before day. */
export function meanSizes(moves: BacktestMoves, window: { readonly from: number; readonly day: number }): MoveSizes {
  const { from, day } = window;
  let [price, volatility] = [0, 0];
  for (let past = from; past < day; past += 1) {
    price += (moves.priceSizes[past] as number) ** 2;
    volatility += (moves.volatilitySizes[past] as number) ** 2;
  }
  return { price: Math.sqrt(price / (day - from)), volatility: Math.sqrt(volatility / (day - from)) };
}

/**
 * Root mean square of the sizes over the most volatile stretch of a look-back: the consecutive days whose price moved most.
 *
 * @param window.stretch  length of the stretch [days]; the whole look-back where that is shorter
 */
export function stressedSizes(
  moves: BacktestMoves,
  window: { readonly from: number; readonly day: number; readonly stretch: number },
): MoveSizes {
  const { from, day, stretch } = window;
  if (day - from <= stretch) return meanSizes(moves, { from, day });
  let [sum, largest, best] = [0, -Infinity, from];
  for (let past = from; past < day; past += 1) {
    sum += (moves.priceSizes[past] as number) ** 2;
    if (past - from >= stretch) sum -= (moves.priceSizes[past - stretch] as number) ** 2;
    if (past - from >= stretch - 1 && sum > largest) [largest, best] = [sum, past - stretch + 1];
  }
  return meanSizes(moves, { from: best, day: best + stretch });
}

/** What the market did from a day to the next. */
export function realisedMarket({ series: { prices, volatilities } }: BacktestMoves, day: number): LegMarket {
  return {
    volatility: volatilities[day] as number,
    priceFactor: (prices[day + 1] as number) / (prices[day] as number),
    volatilityFactor: (volatilities[day + 1] as number) / (volatilities[day] as number),
  };
}

/** Log changes from each value to the next. */
export function logChanges(values: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, day) =>
    log((values[day + 1] as number) / (values[day] as number)),
  );
}

function standard(value: number, size: number): number {
  return size > 0 ? value / size : 0;
}
