/**
 * The sensitivities of a European option under a lognormal model, from the shared terms.
 *
 * Every one is a multiple of A·φ(d1) = B·φ(d2) or of the probability-weighted amounts A·Φ(±d1) and B·Φ(±d2), which
 * come from Mills' ratio where they are small.
 */
import type { LognormalInput, LognormalTerms } from './lognormal-terms';
import { millsRatio } from './mills-ratio';
import type { OptionRight } from './option-right';

/** Sensitivities per one unit of underlying; V the price, S the underlying price, K the strike. */
export interface LognormalSensitivities {
  /** ∂V/∂S [1]. */
  readonly delta: number;
  /** ∂²V/∂S² [unit/currency]. */
  readonly gamma: number;
  /** ∂V/∂σ [currency/unit per 1.00 of volatility]. */
  readonly vega: number;
  /** ∂V/∂t = −∂V/∂T [currency/unit per year]. */
  readonly theta: number;
  /** ∂V/∂r at constant q [currency/unit per 1.00 of rate]. */
  readonly rho: number;
  /** ∂V/∂q at constant r [currency/unit per 1.00 of yield]. */
  readonly dividendRho: number;
  /** ∂²V/∂S∂σ. */
  readonly vanna: number;
  /** ∂²V/∂σ². */
  readonly volga: number;
  /** −∂²V/∂S∂T [1/year]. */
  readonly charm: number;
  /** −∂²V/∂σ∂T. */
  readonly veta: number;
  /** ∂³V/∂S³. */
  readonly speed: number;
  /** ∂³V/∂S²∂σ. */
  readonly zomma: number;
  /** −∂³V/∂S²∂T. */
  readonly color: number;
  /** ∂V/∂K [1]. */
  readonly dualDelta: number;
  /** ∂²V/∂K² [unit/currency]. */
  readonly dualGamma: number;
}

/**
 * Computes price and all sensitivities. In a limit case the density terms are zero; at the kink delta is ±½·e^(−qT).
 */
export function lognormalSensitivities(
  input: LognormalInput,
  terms: LognormalTerms,
  right: OptionRight,
): LognormalSensitivities {
  const { spot, strike, yearsToExpiry, rate, dividendYield } = input;
  const { density, unscale, d1, d2, limit } = terms;
  const sign = right === 'call' ? 1 : -1;
  const densityMills1 = limit ? 0 : density * millsRatio(d1 < 0 ? -d1 : d1);
  const densityMills2 = limit ? 0 : density * millsRatio(d2 < 0 ? -d2 : d2);
  const asset = expected(terms.a, sign * d1, densityMills1 * unscale, limit);
  const cash = expected(terms.b, sign * d2, densityMills2 * unscale, limit);
  const delta = sign * expected(terms.growth, sign * d1, limit ? 0 : (densityMills1 / spot) * unscale, limit);
  const dualDelta = sign * expected(terms.discount, sign * d2, limit ? 0 : (densityMills2 / strike) * unscale, limit);

  // In a limit case every quotient below is multiplied by the zero density, so any finite stand-in serves.
  const volatility = limit ? 1 : input.volatility;
  const deviation = limit ? 1 : terms.deviation;
  const halfRate = limit ? 1 : 0.5 / yearsToExpiry;
  const perSpot = limit ? 0 : density / spot;
  const perStrike = limit ? 0 : density / strike;
  const carry = (rate - dividendYield) / deviation;
  const product = d1 * d2;
  const gamma = limit ? 0 : perSpot / spot / deviation;
  const vega = density * Math.sqrt(yearsToExpiry);
  return {
    delta: delta + 0,
    gamma: gamma * unscale,
    vega: vega * unscale,
    theta: sign * (dividendYield * asset - rate * cash) - vega * volatility * halfRate * unscale + 0,
    rho: sign * yearsToExpiry * cash + 0,
    dividendRho: -sign * yearsToExpiry * asset + 0,
    vanna: perSpot * (-d2 / volatility) * unscale + 0,
    volga: vega * (product / volatility) * unscale + 0,
    charm: dividendYield * delta - perSpot * (carry - d2 * halfRate) * unscale + 0,
    veta: vega * (dividendYield + carry * d1 - (1 + product) * halfRate) * unscale + 0,
    speed: limit ? 0 : (gamma / spot) * (-1 - d1 / deviation) * unscale,
    zomma: gamma * ((product - 1) / volatility) * unscale + 0,
    color: gamma * (dividendYield + carry * d1 + (1 - product) * halfRate) * unscale + 0,
    dualDelta: -dualDelta + 0,
    dualGamma: limit ? 0 : (perStrike / strike / deviation) * unscale,
  };
}

/** whole·Φ(d) given whole·Φ(−|d|). */
function expected(whole: number, d: number, smaller: number, limit: boolean): number {
  if (limit && d === 0) return 0.5 * whole;
  return d < 0 ? smaller : whole - smaller;
}
