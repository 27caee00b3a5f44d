import type { BufferCurve } from './buffer-curve';
import { bridgeCrossingProbability } from './first-passage';

/** Log moves at which a buffer is 0, nearest to a point on each side; ∓Infinity = none on the grid. */
export interface Barriers {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Finds the nearest log moves below and above a point at which buffer + cash changes its sign, by straight lines between the
 * points of the grid.
 *
 * @param move  where buffer + cash ≥ 0
 */
export function nearestBarriers({ at, buffers, bufferAt }: BufferCurve, move: number, cash: number): Barriers {
  const here = { move, value: bufferAt(move) + cash };
  let right = 0;
  while (right < at.length && (at[right] as number) <= move) right += 1;
  const search = (from: number, step: 1 | -1): number => {
    let before = here;
    for (let place = from; place >= 0 && place < at.length; place += step) {
      const next = { move: at[place] as number, value: (buffers[place] as number) + cash };
      if (next.value < 0)
        return next.move + ((before.move - next.move) * -next.value) / (Math.max(0, before.value) - next.value);
      before = next;
    }
    return step * Infinity;
  };
  return { lower: search(right - 1, -1), upper: search(right, 1) };
}

/**
 * Probability that a log move crosses a barrier between two instants at which it had not, the barrier moving in a straight
 * line; crossings of both barriers count as independent.
 *
 * @param variance  of the log move over the step
 */
export function crossingProbability(
  from: { readonly move: number; readonly barriers: Barriers },
  to: { readonly move: number; readonly barriers: Barriers },
  variance: number,
): number {
  const lower = oneSided(from.move, to.move, [from.barriers.lower, to.barriers.lower], variance);
  const upper = oneSided(-from.move, -to.move, [-from.barriers.upper, -to.barriers.upper], variance);
  return 1 - (1 - lower) * (1 - upper);
}

/** A barrier known at one end only stays where it is. */
function oneSided(start: number, end: number, [first, second]: readonly [number, number], variance: number): number {
  const [before, after] = [first === -Infinity ? second : first, second === -Infinity ? first : second];
  if (before === -Infinity) return 0;
  return bridgeCrossingProbability({ start: start - before, end: end - after, variance });
}
