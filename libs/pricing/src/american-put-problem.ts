/**
 * The exercise problem of an American option in the put's form: everything but spot and strike.
 */
import type { AmericanTerms } from './american-option';

/**
 * An American put without its strike; an American call is the put with rate and dividend yield exchanged, spot and
 * strike exchanged (McDonald and Schroder 1998).
 */
export interface PutProblem {
  /** Time to expiry, ACT/365F [year] > 0. */
  readonly yearsToExpiry: number;
  /** Continuously compounded rate of the put [1/year]. */
  readonly rate: number;
  /** Continuously compounded dividend yield of the put [1/year]. */
  readonly dividendYield: number;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] > 0. */
  readonly volatility: number;
}

/**
 * Where early exercise pays: nowhere; at or below one boundary; or between two boundaries, which happens to the put
 * when dividendYield < rate < 0.
 */
export type ExerciseShape = 'none' | 'single' | 'double';

/** Returns the put whose exercise problem the option has. */
export function putProblem(option: AmericanTerms): PutProblem {
  const { yearsToExpiry, volatility, rate, dividendYield } = option;
  return option.right === 'put'
    ? { yearsToExpiry, volatility, rate, dividendYield }
    : { yearsToExpiry, volatility, rate: dividendYield, dividendYield: rate };
}

/**
 * Tells the shape of the exercise region.
 *
 * The holder who exercises gains rK − qS per year: never positive below the strike, positive below a level, or positive
 * between r/q·K and K. A gain that cannot reach 1e-11 of the strike over the whole life counts as none, a loss likewise.
 */
export function exerciseShape(problem: PutProblem): ExerciseShape {
  const { rate, dividendYield, yearsToExpiry } = problem;
  const largestGain = dividendYield < 0 ? rate - dividendYield : rate;
  if (!(largestGain * yearsToExpiry > NEGLIGIBLE_GAIN)) return 'none';
  return rate * yearsToExpiry < -NEGLIGIBLE_GAIN ? 'double' : 'single';
}

/**
 * Computes the time to expiry beyond which the exercise boundary stands still.
 *
 * The boundary approaches the perpetual one like e^(−λτ), λ = μ²/2 + r with μ = (r − q)/σ − σ/2; after λτ = 18 the rest
 * is below 1e-7 of the distance. Infinity when it never settles (λ ≤ 0).
 */
export function settlingTime(problem: PutProblem): number {
  const { rate, dividendYield, volatility } = problem;
  const drift = (rate - dividendYield) / volatility - 0.5 * volatility;
  const decay = 0.5 * drift * drift + rate;
  return decay > 0 ? SETTLED / decay : Infinity;
}

const NEGLIGIBLE_GAIN = 1e-11;
const SETTLED = 18;
