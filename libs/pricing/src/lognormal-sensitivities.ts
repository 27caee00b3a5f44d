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

/** Computes all sensitivities. In a limit case the density terms are zero; at the kink delta is ±½·e^(−qT). */
export function lognormalSensitivities(
  input: LognormalInput,
  terms: LognormalTerms,
  right: OptionRight,
): LognormalSensitivities {
  const { spot, strike, yearsToExpiry, rate, dividendYield } = input;
  const sign = right === 'call' ? 1 : -1;
  const mills1 = terms.limit ? 0 : terms.density * millsRatio(terms.d1 < 0 ? -terms.d1 : terms.d1);
  const mills2 = terms.limit ? 0 : terms.density * millsRatio(terms.d2 < 0 ? -terms.d2 : terms.d2);
  const asset = expected(terms.a, sign * terms.d1, mills1 * terms.unscale, terms.limit);
  const cash = expected(terms.b, sign * terms.d2, mills2 * terms.unscale, terms.limit);
  const partOfSpot = terms.limit ? 0 : (mills1 / spot) * terms.unscale;
  const partOfStrike = terms.limit ? 0 : (mills2 / strike) * terms.unscale;
  const delta = sign * expected(terms.growth, sign * terms.d1, partOfSpot, terms.limit);
  const dualDelta = -sign * expected(terms.discount, sign * terms.d2, partOfStrike, terms.limit);
  const carryTheta = sign * (dividendYield * asset - rate * cash);
  const first = {
    delta: delta + 0,
    rho: sign * yearsToExpiry * cash + 0,
    dividendRho: -sign * yearsToExpiry * asset + 0,
    dualDelta: dualDelta + 0,
  };
  if (terms.limit) return { ...first, ...NO_DENSITY, theta: carryTheta + 0, charm: dividendYield * delta + 0 };
  return { ...first, ...densitySensitivities(input, terms, carryTheta, delta) };
}

type DensitySensitivities = Omit<LognormalSensitivities, 'delta' | 'rho' | 'dividendRho' | 'dualDelta'>;

function densitySensitivities(
  input: LognormalInput,
  terms: LognormalTerms,
  carryTheta: number,
  delta: number,
): DensitySensitivities {
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility } = input;
  const { density, unscale, deviation, d1, d2 } = terms;
  const carry = (rate - dividendYield) / deviation;
  const halfRate = 0.5 / yearsToExpiry;
  const product = d1 * d2;
  const gamma = density / spot / spot / deviation;
  const vega = density * Math.sqrt(yearsToExpiry);
  return {
    gamma: gamma * unscale,
    vega: vega * unscale,
    theta: carryTheta - vega * volatility * halfRate * unscale,
    vanna: -((density / spot) * (d2 / volatility)) * unscale,
    volga: vega * (product / volatility) * unscale,
    charm: dividendYield * delta - (density / spot) * (carry - d2 * halfRate) * unscale,
    veta: vega * (dividendYield + carry * d1 - (1 + product) * halfRate) * unscale,
    speed: -(gamma / spot) * (1 + d1 / deviation) * unscale,
    zomma: gamma * ((product - 1) / volatility) * unscale,
    color: gamma * (dividendYield + carry * d1 + (1 - product) * halfRate) * unscale,
    dualGamma: (density / strike / strike / deviation) * unscale,
  };
}

/** whole·Φ(d) given whole·Φ(−|d|). */
function expected(whole: number, d: number, smaller: number, limit: boolean): number {
  if (limit && d === 0) return 0.5 * whole;
  return d < 0 ? smaller : whole - smaller;
}

const NO_DENSITY = {
  gamma: 0,
  vega: 0,
  vanna: 0,
  volga: 0,
  veta: 0,
  speed: 0,
  zomma: 0,
  color: 0,
  dualGamma: 0,
} as const;
