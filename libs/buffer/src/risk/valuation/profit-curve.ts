import type { Steps } from '../steps';
import { monotoneCurve } from './monotone-curve';
import type { PartProfit } from './part-profit';

/** Profit of a part with one underlying as a function of its relative move. */
export interface ProfitCurve {
  readonly profitAt: (move: number) => number;
  /** Largest |curve − full revaluation| at the moves that were compared [base currency]. */
  readonly error: number;
}

const checks = 8;

/**
 * Revalues a part on a grid of moves and interpolates: equal steps from end to end, and every strike between them, where
 * a payoff bends. The error is measured half-way between points of the grid.
 *
 * @param range.nodes  points of the grid besides the strikes, ≥ 2
 */
export function* fitProfitCurve(
  profit: PartProfit,
  range: { readonly from: number; readonly to: number; readonly nodes: number },
): Steps<ProfitCurve> {
  const at = gridOf(profit, range);
  const values = new Float64Array(at.length);
  for (const [index, move] of at.entries()) {
    values[index] = profit.profitAt([move]);
    yield;
  }
  const profitAt = monotoneCurve({ at, values });
  let error = 0;
  for (let check = 0; check < checks && at.length > 1; check += 1) {
    const place = Math.floor(((check + 0.5) / checks) * (at.length - 1));
    const middle = 0.5 * ((at[place] as number) + (at[place + 1] as number));
    error = Math.max(error, Math.abs(profitAt(middle) - profit.profitAt([middle])));
    yield;
  }
  return { profitAt, error };
}

function gridOf(
  { part, contracts }: PartProfit,
  { from, to, nodes }: { readonly from: number; readonly to: number; readonly nodes: number },
): Float64Array {
  const moves = new Set<number>();
  for (let node = 0; node < nodes; node += 1) moves.add(from + ((to - from) * node) / (nodes - 1));
  if (from < 0 && to > 0) moves.add(0);
  const id = part.underlyingIds[0] as string;
  const spot = part.prepared.snapshot.underlyings.get(id)?.price?.toNumber() ?? NaN;
  for (const { instrument } of contracts.values()) {
    if (instrument.type !== 'option') continue;
    const move = (instrument.strike.toNumber() - spot) / Math.abs(spot);
    if (move > from && move < to) moves.add(move);
  }
  return apart(Float64Array.from(moves).sort(), (to - from) * 1e-9);
}

/** Drops points closer to their neighbour than a distance, which an interpolation would divide by. */
function apart(sorted: Float64Array, distance: number): Float64Array {
  return sorted.filter((move, index) => index === 0 || move - (sorted[index - 1] as number) > distance);
}
