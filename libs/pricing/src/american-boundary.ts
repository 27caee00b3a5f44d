/**
 * The exercise boundary of an American option: solved once per (years, volatility, rate, yield), used at any spot and
 * strike.
 */
import { BOUNDARY_ACCURACY, type AmericanMode, type BoundaryAccuracy } from './american-accuracy';
import { solveDoubleBoundary } from './american-double-boundary';
import { curveLogLevel, solveCurve, type ExerciseCurve } from './american-exercise-curve';
import { hasNoBoundaryToSolve } from './american-limits';
import { requireAmericanTerms, type AmericanTerms } from './american-option';
import { exerciseShape, putProblem, settlingTime, type PutProblem } from './american-put-problem';
import { log } from './logarithm';
import { PricingInputError } from './pricing-input-error';

/** The terms of an American option without spot and strike, and how exactly to solve its boundary. */
export interface AmericanBoundaryInput extends AmericanTerms {
  /** `accurate` if absent. */
  readonly mode?: AmericanMode;
}

/** A solved boundary: immutable, per unit of strike, independent of the spot. */
export interface AmericanBoundary {
  readonly terms: AmericanTerms;
  /** What it was solved with. */
  readonly accuracy: BoundaryAccuracy;
  /** The put with the same boundary: the option itself, or the call with spot and strike, rate and yield exchanged. */
  readonly put: PutProblem;
  /** Exercised below this curve; null when early exercise never pays or the option is a limit. */
  readonly upper: ExerciseCurve | null;
  /** Exercised above this curve, of a double boundary. */
  readonly lower: ExerciseCurve | null;
  /** Exercise is optimal now where ln(spot/strike) of that put is at most `exerciseBelow` and at least `exerciseAbove`. */
  readonly exerciseBelow: number;
  readonly exerciseAbove: number;
  /** Time to expiry at which the curves of a double boundary meet [year]; Infinity when they do not. */
  readonly meeting: number;
}

/**
 * Solves the exercise boundary of an American option. Where |rate|·T or |yield|·T exceeds 1, or 0.1 and the
 * drift two standard deviations, the fast mode takes the grid of the accurate one; the accurate mode takes a finer one
 * where the boundary moves over more than 1.5 standard deviations.
 *
 * @param purpose  'prices' leaves out the derivatives of the boundary that vega and rho need
 * @throws PricingInputError when an input is not finite or out of range
 */
export function americanBoundary(
  input: AmericanBoundaryInput,
  purpose: 'prices' | 'sensitivities' = 'sensitivities',
): AmericanBoundary {
  requireAmericanTerms(input);
  const mode = input.mode ?? 'accurate';
  if (mode !== 'fast' && mode !== 'accurate') throw new PricingInputError('mode', mode, "must be 'fast' or 'accurate'");
  return solveBoundary(input, BOUNDARY_ACCURACY[neededAccuracy(input, mode)], purpose === 'sensitivities');
}

function neededAccuracy(input: AmericanTerms, mode: AmericanMode): keyof typeof BOUNDARY_ACCURACY {
  const put = putProblem(input);
  if (mode === 'fast') {
    const { yearsToExpiry, rate, dividendYield, volatility } = put;
    const carry = Math.max(Math.abs(rate), Math.abs(dividendYield)) * yearsToExpiry;
    const drift = Math.abs((rate - dividendYield) / volatility - 0.5 * volatility) * Math.sqrt(yearsToExpiry);
    const coarse = carry <= SMALL_CARRY || (carry <= GREATEST_FAST_CARRY && drift <= GREATEST_FAST_DRIFT);
    return coarse ? 'fast' : 'accurate';
  }
  if (exerciseShape(put) !== 'single') return 'accurate';
  return put.volatility * Math.sqrt(movingTime(put)) > GREATEST_ACCURATE_DEVIATION ? 'wide' : 'accurate';
}

/** Time to expiry over which the boundary moves [year]. */
function movingTime(put: PutProblem): number {
  return Math.min(put.yearsToExpiry, settlingTime(put));
}

/** Solves the boundary with a given grid. */
export function solveBoundary(input: AmericanTerms, accuracy: BoundaryAccuracy, withSlopes: boolean): AmericanBoundary {
  const { right, yearsToExpiry, rate, dividendYield, volatility } = input;
  const put = putProblem(input);
  const nothing: AmericanBoundary = {
    terms: { right, yearsToExpiry, rate, dividendYield, volatility },
    accuracy,
    put,
    upper: null,
    lower: null,
    exerciseBelow: -Infinity,
    exerciseAbove: Infinity,
    meeting: Infinity,
  };
  const shape = exerciseShape(put);
  if (shape === 'none' || hasNoBoundaryToSolve(input)) return nothing;
  if (shape === 'double') return { ...nothing, ...doubleBoundary(put, accuracy, withSlopes) };
  const upper = singleCurve(put, accuracy, withSlopes);
  return { ...nothing, upper, exerciseBelow: curveLogLevel(upper, yearsToExpiry), exerciseAbove: -Infinity };
}

/**
 * Solves the one curve of a put with rate ≥ 0.
 *
 * Should Newton's method not settle (seen only at rates near zero with σ√T > 8, where the boundary falls below e^(−8) of
 * the strike and further), the finer grid is tried, then the curve is taken to stand still earlier.
 */
function singleCurve(put: PutProblem, accuracy: BoundaryAccuracy, withSlopes: boolean): ExerciseCurve {
  const lnLimit = put.dividendYield > put.rate ? log(put.rate / put.dividendYield) : 0;
  const horizon = movingTime(put);
  const { grid, tolerance } = accuracy;
  const solved = solveCurve({ put, side: 1, lnLimit, horizon }, grid, tolerance, withSlopes);
  if (solved) return solved;
  for (let shorter = horizon; shorter > horizon / SHORTEST; shorter /= 2) {
    const problem = { put, side: 1, lnLimit, horizon: shorter } as const;
    const curve = solveCurve(problem, BOUNDARY_ACCURACY.accurate.grid, tolerance, withSlopes);
    if (curve) return curve;
  }
  throw unsolved(put);
}

function doubleBoundary(put: PutProblem, accuracy: BoundaryAccuracy, withSlopes: boolean) {
  const finer = BOUNDARY_ACCURACY.accurate.grid;
  const pair =
    solveDoubleBoundary(put, accuracy.grid, accuracy.tolerance, withSlopes) ??
    solveDoubleBoundary(put, finer, accuracy.tolerance, withSlopes);
  if (pair === null) throw unsolved(put);
  if (pair.meeting < put.yearsToExpiry) return pair;
  return {
    ...pair,
    exerciseBelow: curveLogLevel(pair.upper, put.yearsToExpiry),
    exerciseAbove: curveLogLevel(pair.lower, put.yearsToExpiry),
  };
}

function unsolved(put: PutProblem): PricingInputError {
  return new PricingInputError('volatility', put.volatility, 'must let the exercise boundary be solved');
}

const SHORTEST = 1000;
/** Beyond this |rate|·T or |yield|·T the fast grid was seen to miss by up to 9e-2 per 100 of strike, below it by at most 7e-4. */
const GREATEST_FAST_CARRY = 1;
/** Up to this, early exercise is worth so little that the fast grid misses by at most 6e-4 at any drift. */
const SMALL_CARRY = 0.1;
/** Beyond this |(r − q)/σ − σ/2|·√T it missed by up to 6e-3 in price and 0.3 in vega, below it by at most 7e-4 and 7e-3. */
const GREATEST_FAST_DRIFT = 2;
/** Up to this σ√τ the accurate grid misses by at most 6e-6 per 100 of strike, beyond it by up to 3e-4. */
const GREATEST_ACCURATE_DEVIATION = 1.5;
