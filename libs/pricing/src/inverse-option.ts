/**
 * Inverse (coin-settled) European options: quoted in the currency, paid in the coin.
 *
 * The payoff max(±(F − K), 0) in the currency is delivered as that amount divided by F_T in coin; with the coin as the
 * unit of account the price is U/F, U the undiscounted Black-76 value.
 */
import { black76 } from './black76';
import type { OptionRight } from './option-right';
import { PricingInputError } from './pricing-input-error';

/** A coin-settled option. */
export interface InverseOptionInput {
  readonly right: OptionRight;
  /** Forward or index price of the coin at expiry [currency/coin] > 0. */
  readonly forward: number;
  /** Strike [currency/coin] ≥ 0. */
  readonly strike: number;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: number;
}

/** Values per one coin of notional. */
export interface InverseOptionResult {
  /** U/F [coin]. */
  readonly coinPrice: number;
  /** U [currency]. */
  readonly currencyPrice: number;
  /** ∂U/∂F = ±Φ(±d1) [1]: hedge of the currency value. */
  readonly delta: number;
  /** ∂U/∂F − U/F = ±(K/F)·Φ(±d2) [coin]: hedge after the premium, itself held in coin. */
  readonly premiumAdjustedDelta: number;
  /** ∂(U/F)/∂F [coin²/currency]. */
  readonly coinDelta: number;
  /** ∂²(U/F)/∂F² [coin³/currency²]. */
  readonly coinGamma: number;
  /** ∂(U/F)/∂σ [coin per 1.00 of volatility]. */
  readonly coinVega: number;
  /** ∂(U/F)/∂t, F fixed [coin per year]. */
  readonly coinTheta: number;
  /** ∂U/∂σ [currency per 1.00 of volatility]. */
  readonly currencyVega: number;
  /** ∂²U/∂F² [coin/currency]. */
  readonly currencyGamma: number;
  /** ∂U/∂t, F fixed [currency per year]. */
  readonly currencyTheta: number;
}

/**
 * Computes coin and currency values of an inverse option; accurate relative to each value in the tails.
 *
 * @throws PricingInputError when an input is not finite or out of range (volatility may be Infinity), or forward is 0
 *
 * @example
 * inverseOption({ right: 'call', forward: 65000, strike: 61750, yearsToExpiry: 0.5, volatility: 0.4 }).coinPrice // 0.136437
 */
export function inverseOption(input: InverseOptionInput): InverseOptionResult {
  const { right, forward, strike, yearsToExpiry, volatility } = input;
  const black = black76({ right, forward, strike, yearsToExpiry, volatility, rate: 0 });
  if (forward === 0) throw new PricingInputError('forward', forward, 'must be > 0');
  // The strike's probability ±Φ(±d2) is −∂U/∂K: no difference of nearly equal numbers.
  const premiumAdjustedDelta = (strike / forward) * -black.dualDelta + 0;
  return {
    coinPrice: black.price / forward,
    currencyPrice: black.price,
    delta: black.delta,
    premiumAdjustedDelta,
    coinDelta: premiumAdjustedDelta / forward,
    coinGamma: (black.gamma - (2 * premiumAdjustedDelta) / forward) / forward,
    coinVega: black.vega / forward,
    coinTheta: black.theta / forward,
    currencyVega: black.vega,
    currencyGamma: black.gamma,
    currencyTheta: black.theta,
  };
}
