/**
 * Black-Scholes-Merton: European options on a spot price with a continuous dividend yield.
 */
import { lognormalPrice } from './lognormal-price';
import { lognormalSensitivities, type LognormalSensitivities } from './lognormal-sensitivities';
import { lognormalTerms, type LognormalInput } from './lognormal-terms';
import type { OptionRight } from './option-right';
import { requireFinite, requireNonNegative, requireRight, requireVolatility } from './pricing-input-error';

/** A European option on a spot price. */
export interface BlackScholesInput extends LognormalInput {
  /** 'call' or 'put'. */
  readonly right: OptionRight;
}

/** Price and sensitivities per one unit of underlying. */
export interface BlackScholesResult extends LognormalSensitivities {
  /** V [currency/unit] ≥ max(0, ±(S·e^(−qT) − K·e^(−rT))). */
  readonly price: number;
}

/**
 * Computes price and all sensitivities of a European option under Black-Scholes-Merton.
 *
 * V = ±(S·e^(−qT)·Φ(±d1) − K·e^(−rT)·Φ(±d2)), d1,2 = (ln(S/K) + (r − q)T)/(σ√T) ± ½σ√T; per one unit of underlying.
 * F. Black and M. Scholes (1973), R. Merton (1973); E. G. Haug, The Complete Guide to Option Pricing Formulas (2007), ch.
 * 2. theta, charm, veta and color are calendar derivatives, −∂/∂T. Limits: T = 0 or σ = 0 give the discounted intrinsic
 * value, delta ±e^(−qT) in the money and half of that where forward = strike, every density term zero; S = 0, K = 0 and
 * σ = Infinity give the bounds of the price.
 *
 * @returns price within 4e-16·max(S, K, discounted either) and 64ε(1 + d²) of an out-of-the-money value
 * @throws PricingInputError 'INVALID_PRICING_INPUT' on NaN, an infinity other than the volatility's, S < 0, K < 0, T < 0,
 *         σ < 0, or rates that discount by a factor beyond 1e300
 *
 * @example
 * blackScholes({ spot: 100, strike: 100, yearsToExpiry: 1, rate: 0.05, dividendYield: 0, volatility: 0.2, right: 'call' })
 *   .price // 10.450583572185568
 */
export function blackScholes(input: BlackScholesInput): BlackScholesResult {
  checkBlackScholesInput(input);
  const terms = lognormalTerms(input);
  const price = lognormalPrice(terms, input.right);
  const greeks = lognormalSensitivities(input, terms, input.right);
  return {
    price,
    delta: greeks.delta,
    gamma: greeks.gamma,
    vega: greeks.vega,
    theta: greeks.theta,
    rho: greeks.rho,
    dividendRho: greeks.dividendRho,
    vanna: greeks.vanna,
    volga: greeks.volga,
    charm: greeks.charm,
    veta: greeks.veta,
    speed: greeks.speed,
    zomma: greeks.zomma,
    color: greeks.color,
    dualDelta: greeks.dualDelta,
    dualGamma: greeks.dualGamma,
  };
}

/** Computes the price alone, to the same bits as `blackScholes`: for revaluation under scenarios. */
export function blackScholesPrice(input: BlackScholesInput): number {
  checkBlackScholesInput(input);
  return lognormalPrice(lognormalTerms(input), input.right);
}

/** @throws PricingInputError as blackScholes */
export function checkBlackScholesInput(input: BlackScholesInput): void {
  requireNonNegative('spot', input.spot);
  requireNonNegative('strike', input.strike);
  requireNonNegative('yearsToExpiry', input.yearsToExpiry);
  requireFinite('rate', input.rate);
  requireFinite('dividendYield', input.dividendYield);
  requireVolatility('volatility', input.volatility);
  requireRight(input.right);
}
