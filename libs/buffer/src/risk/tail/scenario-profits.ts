import { fitProfitCurve } from '../valuation/profit-curve';
import type { PartProfit } from '../valuation/part-profit';
import type { Steps } from '../steps';

/** Profit of each part of an account in each scenario. */
export interface ScenarioProfits {
  /** [base currency], per part one value per scenario. */
  readonly byPart: readonly Float64Array[];
  /** Largest error of interpolation found, summed over parts; 0 where every scenario was revalued in full. */
  readonly error: number;
}

/** Points of the grid that stands for many scenarios. */
const gridNodes = 161;

/**
 * Values the parts of an account in scenarios. A part of one underlying with more scenarios than grid points is revalued on
 * a grid between the extreme moves and interpolated; everything else is revalued in full.
 *
 * @param moves  per underlying, in the order of the parts and their underlyings, the relative moves
 */
export function* valueScenariosByPart(
  profits: readonly PartProfit[],
  moves: readonly Float64Array[],
): Steps<ScenarioProfits> {
  const byPart: Float64Array[] = [];
  let [error, first] = [0, 0];
  for (const profit of profits) {
    const size = profit.part.underlyingIds.length;
    const own = moves.slice(first, first + size);
    first += size;
    const alone = own[0] as Float64Array;
    if (size === 1 && alone.length > 1.5 * gridNodes) {
      const [from, to] = rangeOf(alone);
      const curve = yield* fitProfitCurve(profit, { from, to, nodes: gridNodes });
      byPart.push(alone.map((move) => curve.profitAt(move)));
      error += curve.error;
      yield;
    } else {
      byPart.push(yield* valueInFull(profit, own));
    }
  }
  return { byPart, error };
}

/** Revalues one scenario in full: the sum over parts. */
export function profitInScenario(
  profits: readonly PartProfit[],
  moves: readonly Float64Array[],
  scenario: number,
): number {
  let [sum, first] = [0, 0];
  for (const { part, profitAt } of profits) {
    const size = part.underlyingIds.length;
    sum += profitAt(moves.slice(first, first + size).map((column) => column[scenario] as number));
    first += size;
  }
  return sum;
}

function* valueInFull(profit: PartProfit, moves: readonly Float64Array[]): Steps<Float64Array> {
  const count = moves[0]?.length ?? 0;
  const result = new Float64Array(count);
  const vector = new Float64Array(moves.length);
  for (let scenario = 0; scenario < count; scenario += 1) {
    moves.forEach((column, index) => (vector[index] = column[scenario] as number));
    result[scenario] = profit.profitAt(vector);
    yield;
  }
  return result;
}

function rangeOf(values: Float64Array): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high > low ? [low, high] : [low - 1e-6, low + 1e-6];
}
