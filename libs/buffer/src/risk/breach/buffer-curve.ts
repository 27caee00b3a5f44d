import { DomainError } from '@ballast/domain';
import { exp, log, PricingInputError } from '@ballast/pricing';
import type { PortfolioPosition } from '@ballast/margin';
import { measureState, type ModelBuffer, type PreparedState, prepareState } from '../../analysis/account-state';
import { shiftState } from '../../analysis/shift-state';
import type { Steps } from '../steps';
import type { AccountPart } from '../valuation/account-parts';
import { monotoneCurve } from '../valuation/monotone-curve';
import { refineTable } from '../valuation/refine-table';

/** Figures of one underlying's part of an account at one instant as functions of the log price move. */
export interface BufferCurve {
  /** Log moves of the grid, ascending. */
  readonly at: Float64Array;
  /** Equity − maintenance at the grid [base currency]. */
  readonly buffers: Float64Array;
  readonly bufferAt: (move: number) => number;
  readonly equityAt: (move: number) => number;
}

/** Grid points from end to end, besides strikes. */
const nodes = 65;
/** Standard deviations that the grid covers on each side; Sobol points of 32 bits end at 6.3. */
const reach = 6.5;

/**
 * Measures a part of an account on a grid of log moves of its underlying at an instant to come: equity and maintenance
 * requirement of the positions that are alive then.
 *
 * @param at.deviation  standard deviation of the log move by then
 */
export function* fitBufferCurve(
  part: AccountPart,
  at: { readonly positions: readonly PortfolioPosition[]; readonly calendarDays: number; readonly deviation: number },
): Steps<BufferCurve> {
  const { positions, calendarDays, deviation } = at;
  const id = part.underlyingIds[0] as string;
  const grid = gridOf(part, id, reachOf(deviation));
  const [equities, buffers] = [new Float64Array(grid.length), new Float64Array(grid.length)];
  for (const [index, move] of grid.entries()) {
    const figures = measureMoved(part.prepared, { positions, calendarDays, moves: { [id]: exp(move) - 1 } });
    equities[index] = figures.equity;
    buffers[index] = figures.equity - figures.maintenance;
    yield;
  }
  return {
    at: grid,
    buffers,
    bufferAt: monotoneCurve({ at: grid, values: buffers }),
    equityAt: monotoneCurve({ at: grid, values: equities }),
  };
}

/**
 * Measures a part as fitBufferCurve does, on a grid that is refined where the figures bend alone: for parts whose curves are
 * added to others, so that no one asks where one of them is 0.
 */
export function* tabulateBufferCurve(
  part: AccountPart,
  at: { readonly positions: readonly PortfolioPosition[]; readonly calendarDays: number; readonly deviation: number },
): Steps<BufferCurve> {
  const { positions, calendarDays, deviation } = at;
  const id = part.underlyingIds[0] as string;
  const points = new Map<number, ModelBuffer>();
  const rowAt = (move: number): Float64Array => {
    const figures = measureMoved(part.prepared, { positions, calendarDays, moves: { [id]: exp(move) - 1 } });
    points.set(move, figures);
    return Float64Array.of(figures.equity, figures.equity - figures.maintenance);
  };
  yield* refineTable(reachOf(deviation), rowAt);
  const grid = Float64Array.from(points.keys()).sort();
  const figuresAt = [...grid].map((move) => points.get(move) as ModelBuffer);
  const equities = Float64Array.from(figuresAt, ({ equity }) => equity);
  const buffers = Float64Array.from(figuresAt, ({ equity, maintenance }) => equity - maintenance);
  return {
    at: grid,
    buffers,
    bufferAt: monotoneCurve({ at: grid, values: buffers }),
    equityAt: monotoneCurve({ at: grid, values: equities }),
  };
}

/**
 * Measures what is left of an account after moves of its underlyings and some days.
 *
 * @throws DomainError 'NOT_FINITE' where a model has no value
 */
export function measureMoved(prepared: PreparedState, at: MovedAccount): ModelBuffer {
  return inMovedMarket(prepared, at, (moved) => {
    const measure = measureState(moved);
    if (measure.status === 'indeterminate') return null;
    return Number.isFinite(measure.figures.equity - measure.figures.maintenance) ? measure.figures : null;
  });
}

/** What of an account is alive at an instant to come, and how prices have moved by then. */
export interface MovedAccount {
  readonly positions: readonly PortfolioPosition[];
  readonly calendarDays: number;
  /** Relative price moves by underlying. */
  readonly moves: Readonly<Record<string, number>>;
}

/**
 * Measures an account in a market that has moved.
 *
 * @param measure  null = no value
 * @throws DomainError 'NOT_FINITE' where a model has no value
 */
export function inMovedMarket<Result>(
  prepared: PreparedState,
  { positions, calendarDays, moves }: MovedAccount,
  measure: (moved: PreparedState) => Result | null,
): Result {
  const byUnderlying = Object.fromEntries(Object.entries(moves).map(([id, spot]) => [id, { spot }]));
  const left = { ...prepared.portfolio, positions };
  try {
    const { state } = shiftState(prepared, { byUnderlying, days: calendarDays }, left);
    const measured = measure(prepareState(state, prepared.rules));
    if (measured !== null) return measured;
  } catch (error) {
    if (!(error instanceof PricingInputError)) throw error;
  }
  throw new DomainError(
    'NOT_FINITE',
    `the account has no value ${calendarDays} days on after ${JSON.stringify(moves)}`,
  );
}

/**
 * Largest log move that a curve covers on each side.
 *
 * @param deviation  standard deviation of the log move
 */
export function reachOf(deviation: number): number {
  return Math.max(deviation * reach, 1e-6);
}

function gridOf({ prepared }: AccountPart, id: string, range: number): Float64Array {
  const moves = new Set([0]);
  for (let node = 0; node < nodes; node += 1) moves.add(-range + (2 * range * node) / (nodes - 1));
  const spot = prepared.snapshot.underlyings.get(id)?.price?.toNumber() ?? NaN;
  for (const { instrument } of prepared.portfolio.positions) {
    if (instrument.type !== 'option') continue;
    const ratio = instrument.strike.toNumber() / spot;
    if (ratio > exp(-range) && ratio < exp(range)) moves.add(log(ratio));
  }
  const sorted = Float64Array.from(moves).sort();
  return sorted.filter((move, index) => index === 0 || move - (sorted[index - 1] as number) > range * 1e-9);
}
