/** A function between two points where its sign differs. */
export interface RootBracket {
  readonly low: number;
  /** Value at `low`, ≤ 0. */
  readonly lowValue: number;
  readonly high: number;
  /** Value at `high`, ≥ 0. */
  readonly highValue: number;
}

/**
 * Finds where a continuous function crosses zero, by inverse quadratic interpolation and secants inside a bracket that
 * every step keeps, with bisection as the safeguard (Brent, Algorithms for Minimization without Derivatives, 1973, ch. 4).
 *
 * Takes about ten evaluations for a smooth function and never more than 200.
 *
 * @returns the root within 4 units in the last place of itself, or of `toleranceAbsolute`
 *
 * @example
 * findBracketedRoot((x) => x * x - 2, { low: 0, lowValue: -2, high: 2, highValue: 2 }) // 1.4142135623730951
 */
export function findBracketedRoot(
  valueAt: (x: number) => number,
  bracket: RootBracket,
  toleranceAbsolute = 1e-15,
): number {
  let [best, bestValue] = [bracket.high, bracket.highValue];
  let [previous, previousValue] = [bracket.low, bracket.lowValue];
  let [opposite, oppositeValue] = [previous, previousValue];
  let step = best - previous;
  let stepBefore = step;
  for (let count = 0; count < 200; count += 1) {
    if (bestValue > 0 === oppositeValue > 0) {
      [opposite, oppositeValue] = [previous, previousValue];
      step = best - previous;
      stepBefore = step;
    }
    if (Math.abs(oppositeValue) < Math.abs(bestValue)) {
      [previous, best, opposite] = [best, opposite, best];
      [previousValue, bestValue, oppositeValue] = [bestValue, oppositeValue, bestValue];
    }
    const tolerance = 4 * 2.220446049250313e-16 * Math.abs(best) + 0.5 * toleranceAbsolute;
    const middle = 0.5 * (opposite - best);
    if (Math.abs(middle) <= tolerance || bestValue === 0) return best;
    const trial =
      Math.abs(stepBefore) >= tolerance && Math.abs(previousValue) > Math.abs(bestValue)
        ? interpolatedStep({ best, bestValue, previous, previousValue, opposite, oppositeValue })
        : NaN;
    const room = Math.min(1.5 * Math.abs(middle) - 0.5 * tolerance, 0.5 * Math.abs(stepBefore));
    stepBefore = step;
    if (trial * middle > 0 && Math.abs(trial) < room) step = trial;
    else [step, stepBefore] = [middle, middle];
    [previous, previousValue] = [best, bestValue];
    best += Math.abs(step) > tolerance ? step : tolerance * Math.sign(middle);
    bestValue = valueAt(best);
  }
  return best;
}

/** Step to the root of the secant, or of the parabola x(value) through three points. */
function interpolatedStep(points: {
  readonly best: number;
  readonly bestValue: number;
  readonly previous: number;
  readonly previousValue: number;
  readonly opposite: number;
  readonly oppositeValue: number;
}): number {
  const { best, bestValue, previous, previousValue, opposite, oppositeValue } = points;
  const ratio = bestValue / previousValue;
  if (previous === opposite) return (ratio * (opposite - best)) / (ratio - 1) + 0;
  const across = previousValue / oppositeValue;
  const along = bestValue / oppositeValue;
  const numerator = ratio * ((opposite - best) * across * (across - along) - (best - previous) * (along - 1));
  return -numerator / ((across - 1) * (along - 1) * (ratio - 1));
}
