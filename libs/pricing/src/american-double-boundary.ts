/**
 * The two exercise boundaries of a put when dividendYield < rate < 0.
 *
 * Early exercise pays between Y(τ) and B(τ) < K until the two meet at a time to expiry τ*. Before they meet, a path from
 * above cannot reach Y, nor one from below B, without crossing the other curve first, so each curve solves a one-sided
 * problem of its own (Andersen and Lake 2021). Beyond τ* nothing is exercised.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import { curveLogLevel, solveCurve, type ExerciseCurve } from './american-exercise-curve';
import { settlingTime, type PutProblem } from './american-put-problem';
import { log } from './logarithm';

/** Both curves on [0, meeting]. */
export interface DoubleBoundary {
  /** B, exercised below it. */
  readonly upper: ExerciseCurve;
  /** Y, exercised above it. */
  readonly lower: ExerciseCurve;
  /** Time to expiry τ* at which the curves meet; Infinity when they do not within the life. */
  readonly meeting: number;
}

/**
 * Solves both curves and finds where they meet.
 *
 * The horizon of the curves is bracketed between times at which they are still apart and times at which they have
 * crossed or one of them no longer exists, until it agrees with the meeting point.
 *
 * @returns null when no horizon gives two curves
 */
export function solveDoubleBoundary(
  put: PutProblem,
  grid: BoundaryGrid,
  tolerance: number,
  withSlopes: boolean,
): DoubleBoundary | null {
  const longest = Math.min(put.yearsToExpiry, settlingTime(put));
  let apart: DoubleBoundary | null = null;
  let low = 0;
  let high = longest;
  let horizon = longest;
  for (let step = 0; step < BRACKETING_STEPS && high - low > MEETING_TOLERANCE * high; step++) {
    const pair = solvePair(put, grid, tolerance, horizon);
    const gap = pair ? gapAt(pair, horizon) : NaN;
    if (Math.abs(gap) < MEETING_GAP) return solveMet(put, grid, tolerance, horizon, withSlopes);
    if (pair && gap > 0) {
      apart = pair;
      low = horizon;
      if (horizon === longest) return solvePair(put, grid, tolerance, horizon, withSlopes);
    } else {
      high = horizon;
    }
    horizon = pair && gap < 0 ? Math.max(meetingOf(pair), low) : 0.5 * (low + high);
    if (horizon <= low || horizon >= high) horizon = 0.5 * (low + high);
  }
  return apart && solveMet(put, grid, tolerance, low, withSlopes);
}

/** The pair at the last horizon known to keep the curves apart, declared to meet there. */
function solveMet(put: PutProblem, grid: BoundaryGrid, tolerance: number, meeting: number, withSlopes: boolean) {
  const pair = solvePair(put, grid, tolerance, meeting, withSlopes);
  return pair && { ...pair, meeting };
}

function solvePair(
  put: PutProblem,
  grid: BoundaryGrid,
  tolerance: number,
  horizon: number,
  withSlopes = false,
): DoubleBoundary | null {
  const upper = solveCurve({ put, side: 1, lnLimit: 0, horizon }, grid, tolerance, withSlopes);
  if (!upper) return null;
  const lnLimit = log(put.rate / put.dividendYield);
  const lower = solveCurve({ put, side: -1, lnLimit, horizon }, grid, tolerance, withSlopes);
  return lower && { upper, lower, meeting: Infinity };
}

function gapAt(pair: DoubleBoundary, u: number): number {
  return curveLogLevel(pair.upper, u) - curveLogLevel(pair.lower, u);
}

/** Bisection for the first time at which curves that have crossed by their horizon are level. */
function meetingOf(pair: DoubleBoundary): number {
  let low = 0;
  let high = pair.upper.horizon;
  for (let step = 0; step < 60; step++) {
    const middle = 0.5 * (low + high);
    if (gapAt(pair, middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}

const BRACKETING_STEPS = 60;
const MEETING_TOLERANCE = 1e-9;
/** Curves this close, in the log of the price, have met: the strip between them is worth nothing. */
const MEETING_GAP = 1e-6;
