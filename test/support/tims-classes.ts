// Classes of TIMS with losses stated per point: four points, then the six test moves.
import type { TimsClass } from '@ballast/margin';

/** Losses of one contract long at four points; test moves extreme −/+, wide −/+, narrow −/+. */
export function timsClass(underlying: string, place: number, losses: readonly number[], minimum = 37.5): TimsClass {
  return {
    underlying,
    moves: [-0.1, -0.05, 0.05, 0.1],
    contracts: [{ place, losses: Float64Array.from(losses), minimum }],
  };
}
