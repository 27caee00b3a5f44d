/**
 * An American option, its price and sensitivities: the terms every American model of this library shares.
 */
import type { OptionRight } from './option-right';
import { requireFinite, requireNonNegative, requireRight, requireVolatility } from './pricing-input-error';

/** What an exercise boundary depends on: everything but spot and strike. */
export interface AmericanTerms {
  readonly right: OptionRight;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Continuously compounded rate [1/year]. */
  readonly rate: number;
  /** Continuously compounded dividend yield [1/year]. */
  readonly dividendYield: number;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: number;
}

/** An American option. */
export interface AmericanOption extends AmericanTerms {
  /** Price of the underlying [currency/unit] ≥ 0. */
  readonly spot: number;
  /** Strike [currency/unit] ≥ 0. */
  readonly strike: number;
}

/** Price and sensitivities of an American option per one unit of underlying. */
export interface AmericanResult {
  /** V [currency/unit] ≥ intrinsic value. */
  readonly price: number;
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
  /** True where exercise now is optimal: delta ±1, gamma, vega, theta and rho 0. */
  readonly exerciseNow: boolean;
}

/**
 * Checks an American option.
 *
 * @throws PricingInputError naming the first field that is not finite or out of range
 */
export function requireAmericanOption(option: AmericanOption): void {
  requireNonNegative('spot', option.spot);
  requireNonNegative('strike', option.strike);
  requireAmericanTerms(option);
}

/**
 * Checks the terms a boundary depends on.
 *
 * @throws PricingInputError naming the first field that is not finite or out of range
 */
export function requireAmericanTerms(terms: AmericanTerms): void {
  requireNonNegative('yearsToExpiry', terms.yearsToExpiry);
  requireFinite('rate', terms.rate);
  requireFinite('dividendYield', terms.dividendYield);
  requireVolatility('volatility', terms.volatility);
  requireRight(terms.right);
}
