import { findCrossings } from '../levels/find-crossings';
import type { Steps } from '../risk/steps';

/** Distances that a ray is looked at, in standard deviations: 0.25 apart up to 4, 0.5 to 8, 1 to 16, 2 to 40. */
export const rayGrid: readonly number[] = [
  ...Array.from({ length: 16 }, (_, index) => 0.25 * (index + 1)),
  ...Array.from({ length: 8 }, (_, index) => 4 + 0.5 * (index + 1)),
  ...Array.from({ length: 8 }, (_, index) => 8 + (index + 1)),
  ...Array.from({ length: 12 }, (_, index) => 16 + 2 * (index + 1)),
];

/**
 * Finds the first point of a ray at which the buffer is gone: the distance at which it passes below 0, refined by Brent's
 * method. Where the buffer has no value the ray ends.
 *
 * @param bufferAt  buffer at a distance ≥ 0; null = no value
 * @param nearest   distances from here on are of no interest
 * @returns the distance, or null when the buffer lasts
 */
export function* searchRay(bufferAt: (distance: number) => number | null, nearest = Infinity): Steps<number | null> {
  let from = 0;
  for (const distance of rayGrid) {
    const to = Math.min(distance, nearest);
    const buffer = bufferAt(to);
    yield;
    if (buffer === null) return null;
    if (buffer < 0) return findCrossings(bufferAt, [from, to])[0]?.at ?? to;
    if (to === nearest) return null;
    from = to;
  }
  return null;
}
