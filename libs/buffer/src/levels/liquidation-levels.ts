import { Decimal, DomainError, movedBy } from '@ballast/domain';
import { measureState, type PreparedState } from '../analysis/account-state';
import { requireKnownUnderlyings } from '../analysis/known-underlyings';
import { type MarketShift, mayBeNegative, movedPrice } from '../analysis/market-shift';
import { finish, type Steps } from '../risk/steps';
import { type BufferAlong, bufferOfPart, bufferOfWhole } from './buffer-along';
import { crossingSteps } from './find-crossings';
import { moveGrid } from './move-grid';

/** A market in which equity equals the maintenance requirement. */
export interface LiquidationPoint {
  /** Relative move from now: −0.1 = −10 %. */
  readonly move: number;
  /** Price of the underlying there [quote currency per unit]; null for a move of many underlyings or of volatility. */
  readonly price: Decimal | null;
  /** On which side of the point the buffer is negative. */
  readonly shortfall: 'BELOW' | 'ABOVE';
  /** true: the requirement jumps there, and the buffer passes 0 without being 0. */
  readonly jump: boolean;
}

/** Where a move exhausts, or restores, the buffer of an account. */
export interface LiquidationLevels {
  /** Nearest point at or below the market of now; null = none down to the end of what is looked at. */
  readonly lower: LiquidationPoint | null;
  /** Nearest point above the market of now; null = none. */
  readonly upper: LiquidationPoint | null;
  /** All points, ascending. */
  readonly points: readonly LiquidationPoint[];
  /** Moves that were looked at, both included. */
  readonly from: number;
  readonly to: number;
}

/** Levels in the price of one underlying. */
export interface UnderlyingLevels extends LiquidationLevels {
  readonly underlyingId: string;
  /** Price now [quote currency per unit]. */
  readonly price: Decimal;
}

/**
 * Finds, per underlying that the account depends on, the prices at which equity equals the maintenance requirement
 * (methodology §5.4): the price of that underlying alone moves with all its derivatives at constant volatility of their
 * strikes, and the whole account is revalued, requirement included. Prices from 0 to five times the one of now are looked
 * at, from −100 % of it for an underlying that can trade below 0.
 *
 * @returns in the order of identifiers; empty when the account cannot be valued now
 * @throws DomainError as shiftState for the unmoved market
 */
export function findLiquidationLevels(prepared: PreparedState): readonly UnderlyingLevels[] {
  if (measureState(prepared).status === 'indeterminate') return [];
  return dependedUnderlyings(prepared).flatMap((underlyingId) => {
    const levels = findUnderlyingLevels(prepared, underlyingId);
    return levels === null ? [] : [levels];
  });
}

/** Finds the levels in the price of one underlying; null where it has no price, or one of 0. */
export function findUnderlyingLevels(prepared: PreparedState, underlyingId: string): UnderlyingLevels | null {
  return finish(underlyingLevelSteps(prepared, underlyingId));
}

/** Finds the levels of one underlying, a step per revaluation of the grid and per level. */
export function* underlyingLevelSteps(prepared: PreparedState, underlyingId: string): Steps<UnderlyingLevels | null> {
  const { portfolio, snapshot } = prepared;
  const quote = snapshot.underlyings.get(underlyingId);
  if (quote === undefined || quote.price === null || quote.price.isZero()) return null;
  const { price } = quote;
  const strikes = portfolio.positions.flatMap(({ instrument }) =>
    instrument.type === 'option' && instrument.underlying === underlyingId ? [instrument.strike] : [],
  );
  const kinks = strikes.map((strike) => strike.minus(price).div(price.abs()).toNumber());
  const grid = moveGrid({ from: mayBeNegative(quote) ? -2 : -1, to: 4, kinks });
  const whole = bufferOfWhole(prepared, (move) => ({ byUnderlying: { [underlyingId]: { spot: move } } }));
  const levels = yield* levelSteps(grid, whole, bufferOfPart(prepared, underlyingId));
  const priced = (point: LiquidationPoint) => ({ ...point, price: movedPrice(price, point.move) });
  const { lower, upper, points } = levels;
  return {
    ...levels,
    underlyingId,
    price,
    lower: lower === null ? null : priced(lower),
    upper: upper === null ? null : priced(upper),
    points: points.map(priced),
  };
}

/**
 * Finds the parallel moves of the market that exhaust the buffer: every underlying moves by its beta × the move.
 *
 * @param betas  by underlying; 1 where one is not named
 * @throws DomainError as checkBetas
 */
export function findMarketLevels(
  prepared: PreparedState,
  betas: Readonly<Record<string, number>> = {},
): LiquidationLevels {
  return finish(marketLevelSteps(prepared, betas));
}

/** Finds the levels of a parallel move, a step per revaluation of the grid and per level. @throws as findMarketLevels */
export function* marketLevelSteps(
  prepared: PreparedState,
  betas: Readonly<Record<string, number>> = {},
): Steps<LiquidationLevels> {
  checkBetas(prepared, betas);
  const ids = [...prepared.snapshot.underlyings.keys()];
  const betaOf = (id: string) => (Object.hasOwn(betas, id) ? (betas[id] as number) : 1);
  const largest = ids.reduce((most, id) => Math.max(most, betaOf(id)), 0);
  const least = ids.reduce((most, id) => Math.min(most, betaOf(id)), 0);
  const from = largest > 0 ? -1 / largest : -1;
  const to = least < 0 ? Math.min(4, -1 / least) : 4;
  const shiftOf = (move: number): MarketShift => ({
    byUnderlying: Object.fromEntries(ids.map((id) => [id, { spot: Math.max(-1, betaOf(id) * move) }])),
  });
  return yield* levelSteps(moveGrid({ from, to, kinks: [] }), bufferOfWhole(prepared, shiftOf));
}

/**
 * Checks betas of a parallel move: finite, and of underlyings in the market of the account.
 *
 * @throws DomainError 'INVALID_MARKET_DATA' for a beta that is not finite, 'INVALID_PARAMETER' for an unknown underlying
 */
export function checkBetas({ snapshot }: PreparedState, betas: Readonly<Record<string, number>>): void {
  requireKnownUnderlyings({ field: 'betas', byName: betas }, snapshot.underlyings.keys());
  for (const [id, beta] of Object.entries(betas))
    if (!Number.isFinite(beta))
      throw new DomainError('INVALID_MARKET_DATA', `betas.${id}: expected a number, got ${beta}`, `betas.${id}`);
}

/** Finds the relative moves of all volatilities that exhaust the buffer, from −100 % to +400 %. */
export function findVolatilityLevels(prepared: PreparedState): LiquidationLevels {
  return finish(volatilityLevelSteps(prepared));
}

/** Finds the levels of all volatilities, a step per revaluation of the grid and per level. */
export function* volatilityLevelSteps(prepared: PreparedState): Steps<LiquidationLevels> {
  const whole = bufferOfWhole(prepared, (volatility) => ({ volatility }));
  return yield* levelSteps(moveGrid({ from: -1, to: 4, kinks: [] }), whole);
}

/** Underlyings of held contracts, and coins that are collateral or cash. */
export function dependedUnderlyings({ portfolio, snapshot }: PreparedState): readonly string[] {
  const ids = new Set([
    ...portfolio.positions.filter(({ quantity }) => !quantity.isZero()).map(({ instrument }) => instrument.underlying),
    ...portfolio.collateral.map(movedBy),
    ...portfolio.cash.filter(({ amount }) => !amount.isZero()).map(({ currency }) => currency),
  ]);
  return [...ids].filter((id) => snapshot.underlyings.has(id)).sort();
}

/** @param part  the same at less cost, where there is such a thing */
function* levelSteps(
  grid: readonly number[],
  whole: BufferAlong,
  part: BufferAlong | null = null,
): Steps<LiquidationLevels> {
  let scale = 0;
  const bufferBy = (along: BufferAlong) => (move: number) => {
    const figures = along(move);
    if (figures === null) return null;
    const buffer = figures.equity - figures.maintenance;
    if (!Number.isFinite(buffer)) return null;
    scale = Math.max(scale, Math.abs(figures.equity), figures.maintenance);
    return buffer;
  };
  const wholeBuffer = bufferBy(whole);
  const [from, to] = [grid[0] as number, grid[grid.length - 1] as number];
  const found = part === null ? null : yield* crossingSteps(bufferBy(part), grid);
  const isConfirmed = (moves: readonly number[]) =>
    part !== null && moves.every((move) => isClose(bufferBy(part)(move), wholeBuffer(move), scale));
  const crossings =
    found !== null && isConfirmed([from, -0.1, 0.1, to, ...found.map(({ at }) => at)].filter(Number.isFinite))
      ? found
      : yield* crossingSteps(wholeBuffer, grid);
  const points = crossings.map(({ at, negativeSide, residual }): LiquidationPoint => ({
    move: at,
    price: null,
    shortfall: negativeSide,
    jump: !(Math.abs(residual) <= jumpTolerance * Math.max(1, scale)),
  }));
  return {
    lower: points.filter(({ move }) => move <= 0).at(-1) ?? null,
    upper: points.find(({ move }) => move > 0) ?? null,
    points,
    from,
    to,
  };
}

function isClose(first: number | null, second: number | null, scale: number): boolean {
  if (first === null || second === null) return first === second;
  return Math.abs(first - second) <= jumpTolerance * Math.max(1, scale);
}

/** Residual of a continuous requirement relative to the size of equity and requirement. */
const jumpTolerance = 1e-9;
