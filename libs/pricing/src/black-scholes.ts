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
  readonly right: OptionRight;
}

/** Price and sensitivities per one unit of underlying. */
export interface BlackScholesResult extends LognormalSensitivities {
  /** V [currency/unit] ≥ max(0, ±(S·e^(−qT) − K·e^(−rT))). */
  readonly price: number;
}

/** Computes price and all sensitivities. */
export function blackScholes(input: BlackScholesInput): BlackScholesResult {
  checkBlackScholesInput(input);
  const terms = lognormalTerms(input);
  const price = lognormalPrice(terms, input.right);
  return { price, ...lognormalSensitivities(input, terms, input.right) };
}

/** Computes the price alone. */
export function blackScholesPrice(input: BlackScholesInput): number {
  checkBlackScholesInput(input);
  return lognormalPrice(lognormalTerms(input), input.right);
}

function checkBlackScholesInput(input: BlackScholesInput): void {
  requireNonNegative('spot', input.spot);
  requireNonNegative('strike', input.strike);
  requireNonNegative('yearsToExpiry', input.yearsToExpiry);
  requireFinite('rate', input.rate);
  requireFinite('dividendYield', input.dividendYield);
  requireVolatility('volatility', input.volatility);
  requireRight(input.right);
}
