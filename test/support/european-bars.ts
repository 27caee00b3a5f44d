/** The accuracy bars of the European models: what the best double-precision code reaches. */
const EPSILON = 2.2e-16;

/** References below this are not held against us: they and their factors underflow. */
export const SMALLEST_REFERENCE = 1e-290;

/** Inputs of a lognormal model; Black-76 has dividendYield = rate. */
export interface LognormalCase {
  readonly spot: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly dividendYield: number;
  readonly volatility: number;
}

/** Allowed errors: of a price absolutely and, out of the money, relatively; of sensitivities relatively. */
export interface AccuracyBars {
  readonly priceAbsolute: number;
  readonly outOfTheMoneyRelative: number;
  /** delta, gamma, vega. */
  readonly firstRelative: number;
  /** Every other sensitivity. */
  readonly otherRelative: number;
  /** … or this much of the sum of the magnitudes of its terms, near a zero crossing. */
  readonly otherOfTerms: number;
}

/** The bars of one lognormal case. */
export function lognormalBars(input: LognormalCase): AccuracyBars {
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility } = input;
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const drift = (rate - dividendYield) * yearsToExpiry;
  const logRatio = Math.log1p((spot - strike) / strike);
  const d1 = (logRatio + drift) / deviation + deviation / 2;
  const d2 = d1 - deviation;
  const nearest = Math.min(Math.abs(d1), Math.abs(d2));
  const amplification = (Math.abs(logRatio) + Math.abs(drift)) / deviation;
  const scale = Math.max(
    spot,
    strike,
    spot * Math.exp(-dividendYield * yearsToExpiry),
    strike * Math.exp(-rate * yearsToExpiry),
  );
  return {
    priceAbsolute: 4e-16 * scale,
    outOfTheMoneyRelative: 64 * EPSILON * (1 + nearest * nearest + nearest * amplification),
    firstRelative: 30 * EPSILON * (1 + d1 * d1 + Math.abs(drift) / deviation + Math.abs(d1) * amplification),
    otherRelative: 1e-12 * (1 + d1 * d1),
    otherOfTerms: 1e-13,
  };
}

/** The bars of one case of the normal model. */
export function normalBars(input: {
  readonly forward: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly rate: number;
  readonly volatility: number;
}): AccuracyBars {
  const { forward, strike, yearsToExpiry, rate, volatility } = input;
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const d = (forward - strike) / deviation;
  const scale = Math.max(Math.abs(forward), Math.abs(strike), deviation) * Math.max(1, Math.exp(-rate * yearsToExpiry));
  return {
    priceAbsolute: 4e-16 * scale,
    outOfTheMoneyRelative: 64 * EPSILON * (1 + d * d),
    firstRelative: 30 * EPSILON * (1 + d * d),
    otherRelative: 1e-12 * (1 + d * d),
    otherOfTerms: 1e-13,
  };
}

/** The bar of an implied volatility, relative: 8ε·max(1, ∂ln σ/∂ln price). */
export function impliedVolatilityBar(condition: number): number {
  return 8 * EPSILON * Math.max(1, condition);
}
