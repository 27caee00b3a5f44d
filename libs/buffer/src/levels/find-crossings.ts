import { findBracketedRoot } from '@ballast/margin';
import { finish, type Steps } from '../risk/steps';

/** A point where a function changes its sign. */
export interface Crossing {
  readonly at: number;
  /** On which side of the point the function is below 0. */
  readonly negativeSide: 'BELOW' | 'ABOVE';
  /** Value left at the point: 0 but for rounding, more where the function jumps over 0. */
  readonly residual: number;
}

/**
 * Finds the points where a function changes its sign on an ascending grid: every change between neighbours is bracketed
 * and refined by Brent's method, and where a value lies between neighbours of its own sign that are farther from 0, the
 * extremum between them is searched for a pair of crossings the grid has missed, unless it is far from 0 compared with the
 * changes around it. Points without a value end an interval.
 *
 * Crossings closer together than the grid, other than around one extremum, can go unseen.
 *
 * @param valueAt  null where the function has no value
 * @returns ascending
 *
 * @example
 * findCrossings((x) => x * x - 2, [-2, -1, 0, 1, 2]).map(({ at }) => at) // [−1.4142135623730951, 1.4142135623730951]
 */
export function findCrossings(valueAt: (x: number) => number | null, grid: readonly number[]): readonly Crossing[] {
  return finish(crossingSteps(valueAt, grid));
}

/** Finds crossings as `findCrossings` does, a step per point of the grid and per root. */
export function* crossingSteps(
  valueAt: (x: number) => number | null,
  grid: readonly number[],
): Steps<readonly Crossing[]> {
  const points: { readonly x: number; readonly value: number | null }[] = [];
  for (const x of grid) {
    points.push({ x, value: valueAt(x) });
    yield undefined;
  }
  const crossings: Crossing[] = [];
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (next === undefined || point.value === null || next.value === null) continue;
    const [left, right] = [
      { x: point.x, value: point.value },
      { x: next.x, value: next.value },
    ];
    if (isNegative(left.value) !== isNegative(right.value)) crossings.push(refine(valueAt, left, right));
    else crossings.push(...aroundExtremum(valueAt, points[index - 1], left, right));
    yield undefined;
  }
  return crossings;
}

interface Point {
  readonly x: number;
  readonly value: number;
}

/** 0 counts as not negative: the point where a falling function reaches 0 is where it stops being covered. */
function isNegative(value: number): boolean {
  return value < 0;
}

function refine(valueAt: (x: number) => number | null, left: Point, right: Point): Crossing {
  const rising = isNegative(left.value);
  const sign = rising ? 1 : -1;
  const root = findBracketedRoot((x) => sign * (valueAt(x) ?? NaN), {
    low: left.x,
    lowValue: sign * left.value,
    high: right.x,
    highValue: sign * right.value,
  });
  return { at: root, negativeSide: rising ? 'BELOW' : 'ABOVE', residual: valueAt(root) ?? NaN };
}

/** An extremum farther from 0 than this many times what the function changes to its neighbours is not searched. */
const farFromZero = 8;

/** Two crossings hidden around an extremum towards 0 between the neighbours of a point of the grid. */
function aroundExtremum(
  valueAt: (x: number) => number | null,
  previous: { readonly x: number; readonly value: number | null } | undefined,
  middle: Point,
  next: Point,
): readonly Crossing[] {
  if (previous === undefined || previous.value === null) return [];
  const sign = isNegative(middle.value) ? -1 : 1;
  const before: Point = { x: previous.x, value: previous.value };
  const bends = sign * middle.value < sign * before.value && sign * middle.value <= sign * next.value;
  if (!bends || isNegative(before.value) !== isNegative(middle.value)) return [];
  const rise = Math.max(sign * before.value, sign * next.value) - sign * middle.value;
  if (sign * middle.value > farFromZero * rise) return [];
  const extremum = searchExtremum((x) => sign * (valueAt(x) ?? Infinity), before.x, next.x);
  if (!(extremum.value < 0)) return [];
  const beyond = { x: extremum.x, value: sign * extremum.value };
  return [refine(valueAt, before, beyond), refine(valueAt, beyond, next)];
}

const goldenRatio = 0.6180339887498949;

/** Least value of a function between two points by golden section, stopped as soon as it is below 0. */
function searchExtremum(valueAt: (x: number) => number, from: number, to: number): Point {
  let [low, high] = [from, to];
  let [left, right] = [high - goldenRatio * (high - low), low + goldenRatio * (high - low)];
  let [leftValue, rightValue] = [valueAt(left), valueAt(right)];
  for (let count = 0; count < 24 && leftValue >= 0 && rightValue >= 0; count += 1) {
    if (leftValue < rightValue) {
      [high, right, rightValue] = [right, left, leftValue];
      left = high - goldenRatio * (high - low);
      leftValue = valueAt(left);
    } else {
      [low, left, leftValue] = [left, right, rightValue];
      right = low + goldenRatio * (high - low);
      rightValue = valueAt(right);
    }
  }
  return leftValue < rightValue ? { x: left, value: leftValue } : { x: right, value: rightValue };
}
