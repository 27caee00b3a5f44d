import { DomainError } from '@ballast/domain';
import { ewmaVolatilities } from '../statistics/ewma-volatility';
import type { Steps } from '../steps';
import {
  type BacktestMoves,
  type BacktestSeries,
  logChanges,
  realisedMarket,
  standardiseMoves,
} from './backtest-moves';
import {
  type ProcyclicalityTerms,
  type ProcyclicalityTool,
  procyclicalityTools,
  requirementsByTool,
} from './procyclicality-tool';
import { historicalSimulation, type RequirementModel } from './requirement-model';
import { portfolioProfit, type StandardPortfolio } from './standard-portfolios';

/** What a backtest is run with. */
export interface BacktestTerms extends ProcyclicalityTerms {
  /** Confidence of the requirement, 0.99. */
  readonly confidence: number;
  /** Returns that the first requirement looks back on; the window grows from there. */
  readonly firstWindow: number;
  /** λ of the scaling to present volatility. */
  readonly decay: number;
  /** Days after which the long-run and the stressed requirement are computed anew. */
  readonly floorEvery: number;
  /** Most returns that those two look back on: ten years of 252. */
  readonly floorWindow: number;
  /** Days of the most volatile stretch of that look-back, whose size the stressed requirement has. */
  readonly stressedStretch: number;
  /** λ of the two volatilities whose ratio says that the market is in stress. */
  readonly fastDecay: number;
  readonly slowDecay: number;
}

/** Requirements and losses of one portfolio, per unit of notional. */
export interface BacktestRun {
  readonly portfolio: StandardPortfolio;
  /** 99 % of the loss over the next day under each tool; NONE is at present volatility. */
  readonly requirements: Readonly<Record<ProcyclicalityTool, Float64Array>>;
  /** What the next day took, loss > 0. */
  readonly losses: Float64Array;
}

export const defaultBacktestTerms: BacktestTerms = {
  confidence: 0.99,
  firstWindow: 500,
  decay: 0.97,
  floorEvery: 5,
  floorWindow: 2520,
  bufferShare: 0.25,
  stressRatio: 1.5,
  fastDecay: 0.94,
  slowDecay: 0.99,
  stressedWeight: 0.25,
  stressedStretch: 250,
};

/**
 * Runs requirements day by day against what the next day took: historical simulation of price and volatility moves
 * together, scaled to present volatility, on windows that begin with the data and grow. The requirement of a day knows
 * nothing of later days. The tools against procyclicality scale the same moves to other sizes
 * (EMIR RTS 153/2013, Art. 28(1)).
 *
 * @param input.days   calendar dates, ascending, one per price
 * @param input.model  requirements to test in place of the historical simulation
 * @throws DomainError 'INVALID_PARAMETER' for too few days
 */
export function* runBacktest(input: {
  readonly days: readonly string[];
  readonly series: readonly BacktestSeries[];
  readonly portfolios: readonly StandardPortfolio[];
  readonly terms: BacktestTerms;
  readonly model?: RequirementModel;
}): Steps<readonly BacktestRun[]> {
  const { days, series, portfolios, terms } = input;
  const count = days.length - 1 - terms.firstWindow;
  if (count < 1)
    throw new DomainError(
      'INVALID_PARAMETER',
      `prices: ${days.length} days, more than ${terms.firstWindow} are needed`,
      'prices',
    );
  const moves = new Map(series.map((item) => [item.symbol, standardiseMoves(item, terms.decay)]));
  const ratios = new Map(series.map((item) => [item.symbol, volatilityRatios(item, terms)]));
  const model = input.model ?? historicalSimulation(moves, terms);
  const runs: BacktestRun[] = [];
  for (const portfolio of portfolios) {
    const figuresOn = prepareFigures({ portfolio, terms, model, ratios });
    const requirements = {
      NONE: empty(count),
      BUFFER: empty(count),
      STRESSED_WEIGHT: empty(count),
      FLOOR: empty(count),
    };
    const losses = empty(count);
    for (let place = 0; place < count; place += 1) {
      const day = terms.firstWindow + place;
      const aging = calendarDays(days[day] as string, days[day + 1] as string);
      const byTool = requirementsByTool(figuresOn(place, aging), terms);
      for (const tool of procyclicalityTools) requirements[tool][place] = byTool[tool];
      losses[place] = -portfolioProfit(
        portfolio,
        (symbol) => realisedMarket(moves.get(symbol) as BacktestMoves, day),
        aging,
      );
      yield;
    }
    runs.push({ portfolio, requirements, losses });
  }
  return runs;
}

/** Present requirement of every day; the long-run and the stressed one of the last day on which they were renewed. */
function prepareFigures(input: {
  readonly portfolio: StandardPortfolio;
  readonly terms: BacktestTerms;
  readonly model: RequirementModel;
  readonly ratios: ReadonlyMap<string, Float64Array>;
}) {
  const { portfolio, terms, model, ratios } = input;
  const own = [...new Set(portfolio.legs.map(({ symbol }) => symbol))].map((symbol) => ratios.get(symbol));
  let [longRun, stressed] = [0, 0];
  return (place: number, aging: number) => {
    const day = terms.firstWindow + place;
    const present = model(portfolio, { day, aging, from: 0, scale: 'present' });
    if (place % terms.floorEvery === 0) {
      const window = { day, aging: 1, from: Math.max(0, day - terms.floorWindow) };
      longRun = model(portfolio, { ...window, scale: 'long-run' });
      stressed = model(portfolio, { ...window, scale: 'stressed' });
    }
    const volatilityRatio = own.reduce((sum, column) => sum + (column?.[day] as number), 0) / own.length;
    return { present, longRun, stressed, volatilityRatio };
  };
}

/** Fast / slow volatility of an underlying, known on each day. */
function volatilityRatios({ prices }: BacktestSeries, { fastDecay, slowDecay }: BacktestTerms): Float64Array {
  const returns = logChanges(prices);
  const slow = ewmaVolatilities(returns, slowDecay);
  return ewmaVolatilities(returns, fastDecay).map((fast, day) =>
    (slow[day] as number) > 0 ? fast / (slow[day] as number) : 1,
  );
}

function empty(count: number): Float64Array {
  return new Float64Array(count);
}

function calendarDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
