/**
 * American options by the quadratic approximation of Barone-Adesi and Whaley (1987): the model behind published SPAN
 * risk arrays, kept for parity with them. `americanAlo` is the exact one.
 */
import { americanLimit, isAmericanLimit } from './american-limits';
import { requireAmericanOption, type AmericanOption, type AmericanResult } from './american-option';
import { exerciseShape, putProblem } from './american-put-problem';
import { blackScholes } from './black-scholes';
import { exp, expm1 } from './exponential';
import { log } from './logarithm';
import { quadraticCriticalLog, quadraticPower } from './quadratic-critical-price';

/**
 * Computes price and sensitivities in the quadratic approximation.
 *
 * V = European + A·(S/S*)^γ outside the exercise region, with γ and the critical price S* of the paper. A follows from
 * value matching and S* from smooth pasting, so the derivatives of S* drop out of every sensitivity; vega, theta and rho
 * are the exact derivatives of the approximation (theta does not satisfy the pricing equation exactly). A put at
 * dividendYield < rate < 0 (and the mirrored call) gets the larger of its European and its intrinsic value: the
 * approximation knows one boundary only.
 *
 * @returns price [currency/unit]; delta [1]; gamma [unit/currency]; vega and rho per 1.00; theta per year; at or beyond
 *          the critical price the intrinsic value with delta ±1 and the other sensitivities 0
 * @throws PricingInputError when an input is not finite or out of range (volatility may be Infinity)
 *
 * @example
 * americanBaw({ right: 'call', spot: 100, strike: 100, yearsToExpiry: 0.1, rate: 0.1, dividendYield: 0.1, volatility: 0.15 })
 *   .price // 1.8771 (Haug 1998, p. 24)
 */
export function americanBaw(input: AmericanOption): AmericanResult {
  requireAmericanOption(input);
  if (isAmericanLimit(input)) return americanLimit(input);
  const european = blackScholes(input);
  const { price, delta, gamma, vega, theta, rho } = european;
  const { right, spot, strike } = input;
  const sign = right === 'call' ? 1 : -1;
  const exercised = { price: sign * (spot - strike), delta: sign, gamma: 0, vega: 0, theta: 0, rho: 0 };
  const held = { price, delta, gamma, vega, theta, rho, exerciseNow: false };
  if (exerciseShape(putProblem(input)) !== 'single') {
    return exercised.price > price ? { ...exercised, exerciseNow: true } : held;
  }

  const power = quadraticPower(input);
  const criticalLog = quadraticCriticalLog(input, power.value);
  const critical = strike * exp(criticalLog);
  if (sign * (spot - critical) >= 0) {
    return { ...exercised, exerciseNow: true };
  }
  // A critical price that a float64 cannot hold is out of reach: waiting is worth nothing beyond the European option.
  if (critical === 0 || critical === Infinity) return held;
  const there = blackScholes({ ...input, spot: critical });
  const distance = log(spot / critical);
  const decay = exp(power.value * distance);
  const gain = (sign * strike * expm1(criticalLog) - there.price) * decay;
  return {
    price: Math.max(sign * (spot - strike), price + gain),
    delta: delta + (gain * power.value) / spot,
    gamma: gamma + (gain * power.value * (power.value - 1)) / (spot * spot),
    vega: vega - there.vega * decay + gain * distance * power.byVolatility,
    theta: theta - there.theta * decay - gain * distance * power.byYears,
    rho: rho - there.rho * decay + gain * distance * power.byRate,
    exerciseNow: false,
  };
}
