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
  readonly right: OptionRight;
}

/** Price and sensitivities per one unit of underlying, the forward held fixed. */
export interface Black76Result extends Omit<LognormalSensitivities, 'dividendRho'> {
  /** V [currency/unit]. */
  readonly price: number;
}

/** Computes price and all sensitivities. */
export function black76(input: Black76Input): Black76Result {
  checkBlack76Input(input);
  const lognormal = toLognormalInput(input);
  const terms = lognormalTerms(lognormal);
  const price = lognormalPrice(terms, input.right);
  const { dividendRho: _, ...sensitivities } = lognormalSensitivities(lognormal, terms, input.right);
  return { price, ...sensitivities, rho: -input.yearsToExpiry * price + 0 };
}

/** Computes the price alone. */
export function black76Price(input: Black76Input): number {
  checkBlack76Input(input);
  return lognormalPrice(lognormalTerms(toLognormalInput(input)), input.right);
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
