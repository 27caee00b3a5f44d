import { exp } from '@ballast/pricing';
import { sortLosses, tailFigures } from '../statistics/loss-quantile';
import { type BacktestMoves, meanSizes, type MoveSizes, stressedSizes } from './backtest-moves';
import { type LegMarket, portfolioProfit, type StandardPortfolio } from './standard-portfolios';

/** Size that past moves are scaled to: that known today, the mean of the look-back, or that of its most volatile stretch. */
export type RequirementScale = 'present' | 'long-run' | 'stressed';

/** What a requirement is asked for. */
export interface RequirementDay {
  /** Place of the day among those of the backtest; nothing after it may be looked at. */
  readonly day: number;
  /** Calendar days to the next. */
  readonly aging: number;
  /** First day of the look-back. */
  readonly from: number;
  readonly scale: RequirementScale;
}

/** States the requirement of a portfolio on a day [fraction of notional], > 0. */
export type RequirementModel = (portfolio: StandardPortfolio, at: RequirementDay) => number;

/** Smallest requirement [fraction of notional]: a book that cannot lose still has one to compare. */
const least = 1e-6;

/**
 * Historical simulation: past moves of price and volatility of all underlyings on one day together, scaled to a size,
 * revalued in full; the requirement is the quantile of their losses.
 *
 * @param terms.stressedStretch  days of the stretch of `stressed`
 */
export function historicalSimulation(
  moves: ReadonlyMap<string, BacktestMoves>,
  terms: { readonly confidence: number; readonly stressedStretch: number },
): RequirementModel {
  return (portfolio, { day, aging, from, scale }) => {
    const sizes = new Map<string, MoveSizes>();
    for (const [symbol, own] of moves)
      sizes.set(symbol, sizesOf(own, { day, from, scale, stretch: terms.stressedStretch }));
    const losses = Float64Array.from({ length: day - from }, (_, index) => {
      const past = from + index;
      return -portfolioProfit(
        portfolio,
        (symbol): LegMarket => {
          const own = moves.get(symbol) as BacktestMoves;
          const size = sizes.get(symbol) as MoveSizes;
          return {
            volatility: own.series.volatilities[day] as number,
            priceFactor: exp((own.price[past] as number) * size.price),
            volatilityFactor: exp((own.volatility[past] as number) * size.volatility),
          };
        },
        aging,
      );
    });
    return Math.max(least, tailFigures(sortLosses(losses), terms.confidence).valueAtRisk);
  };
}

function sizesOf(
  own: BacktestMoves,
  at: { readonly day: number; readonly from: number; readonly scale: RequirementScale; readonly stretch: number },
): MoveSizes {
  if (at.scale === 'present')
    return { price: own.priceSizes[at.day] as number, volatility: own.volatilitySizes[at.day] as number };
  return at.scale === 'long-run' ? meanSizes(own, at) : stressedSizes(own, at);
}
