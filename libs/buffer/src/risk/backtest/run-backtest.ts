import { DomainError } from '@ballast/domain';
import { exp, log } from '@ballast/pricing';
import { ewmaVolatilities } from '../statistics/ewma-volatility';
import { sortLosses, tailFigures } from '../statistics/loss-quantile';
import type { Steps } from '../steps';
import { type LegMarket, portfolioProfit, type StandardPortfolio } from './standard-portfolios';

/** One underlying over the days of a backtest. */
export interface BacktestSeries {
  readonly symbol: string;
  /** > 0, one per day. */
  readonly prices: Float64Array;
  /** Annual implied volatility known on each day, > 0. */
  readonly volatilities: Float64Array;
}

/** What a backtest is run with. */
export interface BacktestTerms {
  /** Confidence of the requirement, 0.99. */
  readonly confidence: number;
  /** Returns that the first requirement looks back on; the window grows from there. */
  readonly firstWindow: number;
  /** λ of the scaling to present volatility. */
  readonly decay: number;
  /** Days after which the long-run floor is computed anew. */
  readonly floorEvery: number;
  /** Most returns that the floor looks back on: ten years of 252. */
  readonly floorWindow: number;
}

/** Requirements and losses of one portfolio, per unit of notional. */
export interface BacktestRun {
  readonly portfolio: StandardPortfolio;
  /** 99 % of the loss over the next day at present volatility. */
  readonly requirements: Float64Array;
  /** The larger of the requirement and the floor of long-run volatility. */
  readonly floored: Float64Array;
  /** What the next day took, loss > 0. */
  readonly losses: Float64Array;
}

export const defaultBacktestTerms: BacktestTerms = {
  confidence: 0.99,
  firstWindow: 500,
  decay: 0.97,
  floorEvery: 5,
  floorWindow: 2520,
};

/** Standardised past moves of one underlying and the sizes they are scaled to. */
interface Moves {
  readonly series: BacktestSeries;
  /** Return and volatility change from day t to t + 1, by their size known on day t. */
  readonly price: Float64Array;
  readonly volatility: Float64Array;
  /** Sizes known on each day. */
  readonly priceSizes: Float64Array;
  readonly volatilitySizes: Float64Array;
}

/**
 * Runs requirements day by day against what the next day took: historical simulation of price and volatility moves
 * together, scaled to present volatility, on windows that begin with the data and grow. The requirement of a day knows
 * nothing of later days. The floor scales the same moves to their mean size over up to ten years (EMIR RTS 153/2013,
 * Art. 28(1)(c)).
 *
 * @param input.days  calendar dates, ascending, one per price
 * @throws DomainError 'INVALID_PARAMETER' for too few days
 */
export function* runBacktest(input: {
  readonly days: readonly string[];
  readonly series: readonly BacktestSeries[];
  readonly portfolios: readonly StandardPortfolio[];
  readonly terms: BacktestTerms;
}): Steps<readonly BacktestRun[]> {
  const { days, series, portfolios, terms } = input;
  const count = days.length - 1 - terms.firstWindow;
  if (count < 1)
    throw new DomainError(
      'INVALID_PARAMETER',
      `prices: ${days.length} days, more than ${terms.firstWindow} are needed`,
      'prices',
    );
  const moves = new Map(series.map((item) => [item.symbol, movesOf(item, terms.decay)]));
  const runs = portfolios.map((portfolio) => ({
    portfolio,
    requirements: new Float64Array(count),
    floored: new Float64Array(count),
    losses: new Float64Array(count),
  }));
  const floors = portfolios.map(() => 0);
  for (let place = 0; place < count; place += 1) {
    const day = terms.firstWindow + place;
    const aging = calendarDays(days[day] as string, days[day + 1] as string);
    for (const [index, run] of runs.entries()) {
      const { portfolio } = run;
      const requirement = requirementOn(portfolio, moves, {
        day,
        aging,
        from: 0,
        confidence: terms.confidence,
        scale: 'present',
      });
      if (place % terms.floorEvery === 0) {
        const from = Math.max(0, day - terms.floorWindow);
        floors[index] = requirementOn(portfolio, moves, {
          day,
          aging: 1,
          from,
          confidence: terms.confidence,
          scale: 'long-run',
        });
      }
      run.requirements[place] = requirement;
      run.floored[place] = Math.max(requirement, floors[index] as number);
      run.losses[place] = -portfolioProfit(portfolio, (symbol) => realised(moves.get(symbol) as Moves, day), aging);
      yield;
    }
  }
  return runs;
}

/** Smallest requirement [fraction of notional]: a book that cannot lose still has one to compare. */
const least = 1e-6;

function requirementOn(
  portfolio: StandardPortfolio,
  moves: ReadonlyMap<string, Moves>,
  at: {
    readonly day: number;
    readonly aging: number;
    readonly from: number;
    readonly confidence: number;
    readonly scale: 'present' | 'long-run';
  },
): number {
  const { day, aging, from, confidence, scale } = at;
  const sizes = new Map([...moves].map(([symbol, own]) => [symbol, sizesOn(own, { day, from, scale })]));
  const losses = Float64Array.from({ length: day - from }, (_, index) => {
    const past = from + index;
    return -portfolioProfit(
      portfolio,
      (symbol): LegMarket => {
        const own = moves.get(symbol) as Moves;
        const size = sizes.get(symbol) as { readonly price: number; readonly volatility: number };
        return {
          volatility: own.series.volatilities[day] as number,
          priceFactor: exp((own.price[past] as number) * size.price),
          volatilityFactor: exp((own.volatility[past] as number) * size.volatility),
        };
      },
      aging,
    );
  });
  return Math.max(least, tailFigures(sortLosses(losses), confidence).valueAtRisk);
}

/** Sizes to which standardised moves are scaled: those known on the day, or the root mean square of those of the window. */
function sizesOn(
  own: Moves,
  { day, from, scale }: { readonly day: number; readonly from: number; readonly scale: 'present' | 'long-run' },
): { readonly price: number; readonly volatility: number } {
  if (scale === 'present')
    return { price: own.priceSizes[day] as number, volatility: own.volatilitySizes[day] as number };
  let [price, volatility] = [0, 0];
  for (let past = from; past < day; past += 1) {
    price += (own.priceSizes[past] as number) ** 2;
    volatility += (own.volatilitySizes[past] as number) ** 2;
  }
  return { price: Math.sqrt(price / (day - from)), volatility: Math.sqrt(volatility / (day - from)) };
}

function realised({ series: { prices, volatilities } }: Moves, day: number): LegMarket {
  return {
    volatility: volatilities[day] as number,
    priceFactor: (prices[day + 1] as number) / (prices[day] as number),
    volatilityFactor: (volatilities[day + 1] as number) / (volatilities[day] as number),
  };
}

function movesOf(series: BacktestSeries, decay: number): Moves {
  const returns = changesOf(series.prices);
  const changes = changesOf(series.volatilities);
  const [priceSizes, volatilitySizes] = [ewmaVolatilities(returns, decay), ewmaVolatilities(changes, decay)];
  return {
    series,
    price: returns.map((value, day) => standard(value, priceSizes[day] as number)),
    volatility: changes.map((value, day) => standard(value, volatilitySizes[day] as number)),
    priceSizes,
    volatilitySizes,
  };
}

function standard(value: number, size: number): number {
  return size > 0 ? value / size : 0;
}

function changesOf(values: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length - 1 }, (_, day) =>
    log((values[day + 1] as number) / (values[day] as number)),
  );
}

function calendarDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
