import type { Steps } from '../risk/steps';
import { searchRay } from './search-ray';

/** The nearest point that a search found. */
export interface ExhaustionPoint {
  /** Distance from the market of now. */
  readonly distance: number;
  /** Unit direction. */
  readonly direction: Float64Array;
}

export interface ExhaustionSearch {
  /** null: no direction that was tried exhausts the buffer. */
  readonly nearest: ExhaustionPoint | null;
  /** false: the budget ended the search before it settled. */
  readonly settled: boolean;
  /** Markets that were valued. */
  readonly evaluations: number;
}

/**
 * Searches the nearest point at which the buffer is gone, over all directions (methodology §5.7).
 *
 * Rays along the axes, the diagonals of all signs (up to six dimensions; the two of equal signs beyond), directions of the
 * caller and the steepest descent are followed to their first exhausted point. The nearest is improved by the iteration of
 * first-order reliability (R. Rackwitz and B. Fiessler, Computers & Structures 9, 1978: turn to the gradient at the point)
 * and by turning towards each axis by ever smaller angles, until nothing is nearer. The buffer need be neither smooth nor
 * monotone; a nearer pocket that no ray met can go unseen, so the distance is an upper bound of the smallest.
 *
 * @param bufferAt     buffer at a point, ≥ 0 at the origin; null = no value
 * @param input.budget  markets valued at most, give or take one ray
 */
export function* findNearestExhaustion(
  bufferAt: (point: Float64Array) => number | null,
  input: { readonly size: number; readonly starts: readonly Float64Array[]; readonly budget: number },
): Steps<ExhaustionSearch> {
  const { size, budget } = input;
  let [evaluations, settled] = [0, true];
  let best: ExhaustionPoint | null = null;
  const measure = (direction: Float64Array, distance: number): number | null => {
    evaluations += 1;
    return bufferAt(direction.map((value) => value * distance));
  };
  function* follow(direction: Float64Array): Steps<boolean> {
    const unit = normalised(direction);
    if (unit === null) return false;
    if (evaluations >= budget) return (settled = false);
    const limit = best === null ? Infinity : best.distance * (1 - 1e-9);
    const distance = yield* searchRay((at) => measure(unit, at), limit);
    if (distance === null) return false;
    const gain = best === null ? Infinity : best.distance - distance;
    best = { distance, direction: unit };
    return gain > 1e-9 * distance;
  }
  function* descent(at: Float64Array): Steps<Float64Array> {
    const down = new Float64Array(size);
    for (let axis = 0; axis < size; axis += 1) {
      const [above, below] = [1, -1].map((sign) => {
        evaluations += 1;
        return bufferAt(at.map((value, index) => (index === axis ? value + sign * gradientStep : value)));
      });
      down[axis] = above == null || below == null ? 0 : below - above;
      yield;
    }
    return down;
  }
  for (const start of [...input.starts, ...axes(size), ...diagonals(size)]) yield* follow(start);
  yield* follow(yield* descent(new Float64Array(size)));
  if (best === null || size === 1) return { nearest: best, settled, evaluations };
  for (let round = 0; round < roundsMaximum && evaluations < budget; round += 1) {
    const { distance, direction }: ExhaustionPoint = best;
    const target = normalised(yield* descent(direction.map((value) => value * distance)));
    let improved = false;
    if (target !== null)
      for (const share of [1, 0.5, 0.2]) {
        improved = yield* follow(direction.map((value, axis) => value + share * ((target[axis] as number) - value)));
        if (improved) break;
      }
    for (const angle of angles) {
      for (const turn of axes(size)) {
        const { distance: now, direction: from }: ExhaustionPoint = best;
        const turned = normalised(from.map((value, axis) => value + angle * (turn[axis] as number)));
        if (turned === null || evaluations >= budget) continue;
        const buffer = measure(turned, now * (1 - 1e-7));
        yield;
        if (buffer !== null && buffer < 0) improved = (yield* follow(turned)) || improved;
      }
    }
    if (!improved) return { nearest: best, settled, evaluations };
  }
  return { nearest: best, settled: false, evaluations };
}

const roundsMaximum = 60;
/** Step of the difference quotients, in standard deviations. */
const gradientStep = 0.02;
/** Turns towards an axis, in radians for small ones. */
const angles = [0.5, 0.2, 0.08, 0.03, 0.01, 0.003, 0.001] as const;

function axes(size: number): readonly Float64Array[] {
  return Array.from({ length: 2 * size }, (_, index) => {
    const axis = new Float64Array(size);
    axis[index >> 1] = index % 2 === 0 ? -1 : 1;
    return axis;
  });
}

function diagonals(size: number): readonly Float64Array[] {
  if (size === 1) return [];
  if (size > 6) return [new Float64Array(size).fill(-1), new Float64Array(size).fill(1)];
  return Array.from({ length: 2 ** size }, (_, bits) =>
    Float64Array.from({ length: size }, (__, axis) => ((bits >> axis) & 1 ? 1 : -1)),
  );
}

function normalised(vector: Float64Array): Float64Array | null {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return length > 0 && Number.isFinite(length) ? vector.map((value) => value / length) : null;
}
