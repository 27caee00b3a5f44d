// Prices and moves at which the buffer of one portfolio file is gone; touches no database.
import {
  checkBetas,
  evaluateState,
  findLiquidationLevels,
  findMarketLevels,
  findVolatilityLevels,
  type LiquidationLevels,
  type LiquidationPoint,
} from '@ballast/buffer';
import { toPortfolioOutput } from './evaluate-portfolio-file';
import type { MarginOutput } from './margin-output';
import { answerPortfolioFile, type FileAnswer } from './portfolio-file-state';

/** A point where equity equals the maintenance requirement. */
export interface LevelPointOutput {
  /** Price of the underlying, 10 decimals; null for moves that are not of one price. */
  readonly price: string | null;
  /** Relative move from now, −0.1 = −10 %; unrounded. */
  readonly move: number;
  readonly shortfall: 'BELOW' | 'ABOVE';
  readonly jump: boolean;
}

/** Nearest points on both sides, null = none, and all of them. */
export interface LevelsOfMove {
  readonly lower: LevelPointOutput | null;
  readonly upper: LevelPointOutput | null;
  readonly points: readonly LevelPointOutput[];
  /** Relative moves that were looked at, both included. */
  readonly from: number;
  readonly to: number;
}

export interface LevelsOutput {
  readonly quality: string;
  readonly qualityReasons: readonly string[];
  readonly status: string;
  readonly currency: string;
  readonly equity: string | null;
  readonly maintenanceRequirement: string | null;
  readonly buffer: string | null;
  readonly levels: readonly (LevelsOfMove & { readonly underlying: string; readonly price: string })[];
  /** All underlyings together, each by its beta × the move; null when the portfolio cannot be valued. */
  readonly market: LevelsOfMove | null;
  /** All volatilities together; null when the portfolio cannot be valued. */
  readonly volatility: LevelsOfMove | null;
}

/**
 * Finds the liquidation levels of a portfolio file (contract §2, methodology §5.4).
 *
 * @param input.betas  beta of each underlying in the parallel move; 1 where absent
 */
export function findLevelsOfFile(input: {
  readonly text: string;
  readonly fileName: string;
  readonly betas?: Readonly<Record<string, number>>;
}): FileAnswer<LevelsOutput> {
  return answerPortfolioFile(
    input,
    ({ prepared }) => {
      checkBetas(prepared, input.betas ?? {});
      const { requirement, assessment } = evaluateState(prepared);
      const now = toPortfolioOutput(requirement, assessment, prepared.portfolio.baseCurrency);
      const known = now.quality !== 'INDETERMINATE';
      const levels = findLiquidationLevels(prepared).map((found) => ({
        underlying: found.underlyingId,
        ...levelsOutput(found),
        price: found.price.toFixed(),
      }));
      return {
        ...headOf(now),
        levels,
        market: known ? levelsOutput(findMarketLevels(prepared, input.betas)) : null,
        volatility: known ? levelsOutput(findVolatilityLevels(prepared)) : null,
      };
    },
    ({ quality }) => quality !== 'INDETERMINATE',
  );
}

function headOf(output: MarginOutput) {
  const { quality, qualityReasons, status, currency, equity, maintenanceRequirement, buffer } = output;
  return { quality, qualityReasons, status, currency, equity, maintenanceRequirement, buffer };
}

function levelsOutput({ lower, upper, points, from, to }: LiquidationLevels): LevelsOfMove {
  return {
    lower: lower === null ? null : pointOutput(lower),
    upper: upper === null ? null : pointOutput(upper),
    points: points.map(pointOutput),
    from,
    to,
  };
}

function pointOutput({ price, move, shortfall, jump }: LiquidationPoint): LevelPointOutput {
  return { price: price?.toDecimalPlaces(10).toFixed() ?? null, move, shortfall, jump };
}
