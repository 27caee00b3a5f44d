import { findBracketedRoot } from '@ballast/margin';
import type { Steps } from '../risk/steps';

/** First distance between a guess and the other side of the root, as a share of the guess. */
const firstStep = 1e-4;
/** How much farther each next one goes. */
const growth = 6;
/** Farthest from the guess, as a share of it. */
const farthest = 0.2;

/**
 * Refines the distance at which the buffer passes below 0 along a ray from a guess near it: the root is bracketed around the
 * guess in growing steps and refined by Brent's method.
 *
 * @param bufferAt  buffer at a distance ≥ 0; null = no value
 * @param guess     > 0
 * @returns null where no change of sign lies near the guess
 */
export function* refineRay(bufferAt: (distance: number) => number | null, guess: number): Steps<number | null> {
  let [near, value] = [guess, bufferAt(guess)];
  yield;
  if (value === null) return null;
  const direction = value < 0 ? -1 : 1;
  for (let share = firstStep; share <= farthest; share *= growth) {
    const distance = guess * (1 + direction * share);
    const next = bufferAt(distance);
    yield;
    if (next === null) return null;
    if (next < 0 !== value < 0) {
      const [low, high] = direction < 0 ? [distance, near] : [near, distance];
      const [lowValue, highValue] = direction < 0 ? [next, value] : [value, next];
      const falling = (at: number) => -(bufferAt(at) ?? NaN);
      return findBracketedRoot(falling, { low, lowValue: -lowValue, high, highValue: -highValue });
    }
    [near, value] = [distance, next];
  }
  return null;
}
