import type { TimsParameters } from './tims-parameters';

/**
 * Lists the moves of the valuation points: equal steps on each side of zero, zero excluded, ascending (methodology §2).
 *
 * @param range  lower and upper end, −1 < lower < 0 < upper
 * @param count  even number of points
 *
 * @example
 * timsMoves([-0.15, 0.15], 10) // [−0.15, −0.12, −0.09, −0.06, −0.03, 0.03, 0.06, 0.09, 0.12, 0.15]
 */
export function timsMoves([lower, upper]: readonly [number, number], count: number): readonly number[] {
  const side = count / 2;
  const steps = Array.from({ length: side }, (_, index) => index + 1);
  const down = [...steps].reverse().map((step) => (lower * step) / side);
  return [...down, ...steps.map((step) => (upper * step) / side)];
}

/** Moves that each contract is valued at beside the points, for the two tests reported as information. */
export function timsTestMoves({ extremeMove, concentrationTest }: TimsParameters): readonly number[] {
  const { move, otherMove } = concentrationTest;
  return [-extremeMove, extremeMove, -move, move, -otherMove, otherMove];
}
