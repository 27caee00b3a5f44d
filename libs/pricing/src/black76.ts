/**
 * Black-76: European options on a forward or futures price.
 */
import { lognormalPrice } from './lognormal-price';
import { lognormalSensitivities, type LognormalSensitivities } from './lognormal-sensitivities';
import { lognormalTerms, type LognormalInput } from './lognormal-terms';
import type { OptionRight } from './option-right';
import { requireFinite, requireNonNegative, requireRight, requireVolatility } from './pricing-input-error';

/** A European option on a forward price. */
export interface Black76Input {
  /** Forward price at expiry [currency/unit] ≥ 0. */
  readonly forward: number;
  /** Strike [currency/unit] ≥ 0. */
  readonly strike: number;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Continuously compounded rate of the discounting [1/year]. */
  readonly rate: number;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: number;
  /** 'call' or 'put'. */
  readonly right: OptionRight;
}

/** Price and sensitivities per one unit of underlying, the forward held fixed. */
export interface Black76Result extends Omit<LognormalSensitivities, 'dividendRho'> {
  /** V [currency/unit]. */
  readonly price: number;
}

/**
 * Computes price and all sensitivities of a European option under Black-76, the forward held fixed.
 *
 * V = ±e^(−rT)·(F·Φ(±d1) − K·Φ(±d2)), d1,2 = ln(F/K)/(σ√T) ± ½σ√T; per one unit of underlying. F. Black, "The pricing of
 * commodity contracts", J. Financial Economics 3 (1976). delta, gamma, speed, … are derivatives by F; theta includes
 * +rV, rho = −T·V. Limits and errors as `blackScholes`.
 *
 * @throws PricingInputError 'INVALID_PRICING_INPUT' on NaN, an infinity other than the volatility's, F < 0, K < 0, T < 0,
 *         σ < 0, or a rate that discounts by a factor beyond 1e300
 *
 * @example
 * black76({ forward: 100, strike: 100, yearsToExpiry: 1, rate: 0, volatility: 0.2, right: 'call' }).price // 7.965567455405798
 */
export function black76(input: Black76Input): Black76Result {
  checkBlack76Input(input);
  const lognormal = toLognormalInput(input);
  const terms = lognormalTerms(lognormal);
  const price = lognormalPrice(terms, input.right);
  const greeks = lognormalSensitivities(lognormal, terms, input.right);
  return {
    price,
    delta: greeks.delta,
    gamma: greeks.gamma,
    vega: greeks.vega,
    theta: input.rate * price - decayOf(greeks.vega, input) + 0,
    rho: -input.yearsToExpiry * price + 0,
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

/** Computes the price alone, to the same bits as `black76`. */
export function black76Price(input: Black76Input): number {
  checkBlack76Input(input);
  return lognormalPrice(lognormalTerms(toLognormalInput(input)), input.right);
}

/** ½σ²F²·∂²V/∂F², what passes each year; theta by its own terms keeps the digits that rFΦ(d1) − rKΦ(d2) loses. */
function decayOf(vega: number, { volatility, yearsToExpiry }: Black76Input): number {
  return vega === 0 ? 0 : vega * volatility * (0.5 / yearsToExpiry);
}

/** A forward grows at no rate: Black-76 is Black-Scholes with dividend yield = rate. */
function toLognormalInput(input: Black76Input): LognormalInput {
  const { forward, strike, yearsToExpiry, rate, volatility } = input;
  return { spot: forward, strike, yearsToExpiry, rate, dividendYield: rate, volatility };
}

function checkBlack76Input(input: Black76Input): void {
  requireNonNegative('forward', input.forward);
  requireNonNegative('strike', input.strike);
  requireNonNegative('yearsToExpiry', input.yearsToExpiry);
  requireFinite('rate', input.rate);
  requireVolatility('volatility', input.volatility);
  requireRight(input.right);
}
