/**
 * Implied volatility under the lognormal (Black-76) and the normal (Bachelier) model.
 */
import { twoProductTail, twoSumTail } from './double-double';
import { solveLognormalDeviation } from './implied-lognormal-volatility';
import { solveNormalDeviation } from './implied-normal-volatility';
import { logRatio } from './log-ratio';
import { log, log1p } from './logarithm';
import type { OptionRight } from './option-right';
import { PricingInputError, requireFinite, requireNonNegative, requireRight } from './pricing-input-error';

/** The models a volatility can be implied under. */
export type ImpliedVolatilityModel = 'black76' | 'bachelier';

/** A quoted European option on a forward. For a spot S use forward S·e^((r − q)T). */
export interface ImpliedVolatilityInput {
  /** 'black76' if absent. */
  readonly model?: ImpliedVolatilityModel;
  readonly right: OptionRight;
  /** Forward price at expiry [currency/unit]; ≥ 0 under 'black76'. */
  readonly forward: number;
  /** Strike [currency/unit]; ≥ 0 under 'black76'. */
  readonly strike: number;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: number;
  /** Discount factor to the payment date, > 0. */
  readonly discountFactor: number;
  /** Price of the option today [currency/unit]. */
  readonly price: number;
}

/** A volatility, or why there is none: the price is not above intrinsic value, or not below its supremum. */
export type ImpliedVolatilityResult =
  | { readonly status: 'ok'; readonly volatility: number }
  | { readonly status: 'below-intrinsic' }
  | { readonly status: 'above-maximum' };

/**
 * Computes the volatility at which the model returns the price.
 *
 * A price that equals the discounted intrinsic value or the supremum after rounding to double counts as below or
 * above: no volatility can be told from it. At T = 0 every price above intrinsic is above the maximum.
 *
 * @returns volatility [1/√year] under 'black76', [currency/unit per √year] under 'bachelier'
 * Relative error below 8ε·max(1, ∂ln σ/∂ln price): the price's own rounding is what limits the answer.
 *
 * @throws PricingInputError 'INVALID_PRICING_INPUT' on a value that is not finite, a negative forward or strike under
 *         'black76', T < 0, a discount factor ≤ 0, an unknown model or right
 *
 * @example
 * impliedVolatility({ right: 'call', forward: 100, strike: 100, yearsToExpiry: 1, discountFactor: 1, price: 7.965567455405798 })
 *   // { status: 'ok', volatility: 0.2 } to 1 ulp
 */
export function impliedVolatility(input: ImpliedVolatilityInput): ImpliedVolatilityResult {
  checkImpliedVolatilityInput(input);
  const { right, forward, strike, yearsToExpiry, discountFactor, price } = input;
  const solve = input.model === 'bachelier' ? impliedNormalVolatility : impliedLognormalVolatility;
  const volatility = solve(right === 'call', forward, strike, yearsToExpiry, discountFactor, price);
  if (volatility === BELOW_INTRINSIC) return { status: 'below-intrinsic' };
  if (volatility === ABOVE_MAXIMUM) return { status: 'above-maximum' };
  return { status: 'ok', volatility };
}

/** Answers of the solvers that are no volatility. */
export const BELOW_INTRINSIC = -1;
export const ABOVE_MAXIMUM = -2;

/** The Black-76 volatility, BELOW_INTRINSIC or ABOVE_MAXIMUM, from checked inputs. */
export function impliedLognormalVolatility(
  isCall: boolean,
  forward: number,
  strike: number,
  yearsToExpiry: number,
  discountFactor: number,
  price: number,
): number {
  const isInTheMoney = isCall ? forward > strike : strike > forward;
  let timeValue = price;
  let timeValueTail = 0;
  if (isInTheMoney) {
    const distance = isCall ? forward - strike : strike - forward;
    const distanceTail = isCall ? twoSumTail(forward, -strike, distance) : twoSumTail(strike, -forward, distance);
    const intrinsic = discountFactor * distance;
    const intrinsicTail = twoProductTail(discountFactor, distance, intrinsic) + discountFactor * distanceTail;
    if (price <= intrinsic + intrinsicTail) return BELOW_INTRINSIC;
    const difference = price - intrinsic;
    const rest = twoSumTail(price, -intrinsic, difference) - intrinsicTail;
    timeValue = difference + rest;
    timeValueTail = difference - timeValue + rest;
  } else if (!(price > 0)) return BELOW_INTRINSIC;
  const bound = isCall ? forward : strike;
  const maximum = discountFactor * bound;
  if (price >= maximum || yearsToExpiry === 0) return ABOVE_MAXIMUM;
  const room = maximum - price;
  const roomTail = twoSumTail(maximum, -price, room) + twoProductTail(discountFactor, bound, maximum);

  // The supremum of the out-of-the-money price is the discounted smaller of forward and strike.
  const smaller = forward < strike ? forward : strike;
  const supremum = discountFactor * smaller;
  const ratio = timeValue / supremum;
  const target = {
    x: -absoluteLogRatio(forward, strike),
    timeValue,
    supremum,
    price: ratio + (timeValueTail - ratio * twoProductTail(discountFactor, smaller, supremum)) / supremum,
    complement: (room + roomTail) / supremum,
  };
  return solveLognormalDeviation(target) / Math.sqrt(yearsToExpiry);
}

/** |ln(a/b)|, through log1p where a is near b. */
function absoluteLogRatio(a: number, b: number): number {
  const ratio = a / b;
  const value = ratio > 0.75 && ratio < 1.4 ? log1p((a - b) / b) : logOfQuotient(a, b, ratio);
  return value < 0 ? -value : value;
}

/** ln(a/b), also where the quotient leaves the range of normal doubles. */
function logOfQuotient(a: number, b: number, quotient: number): number {
  return quotient > 1e-290 && quotient < 1e290 ? log(quotient) : logRatio(a, b).value;
}

/** The Bachelier volatility, BELOW_INTRINSIC or ABOVE_MAXIMUM, from checked inputs. */
export function impliedNormalVolatility(
  isCall: boolean,
  forward: number,
  strike: number,
  yearsToExpiry: number,
  discountFactor: number,
  price: number,
): number {
  const distance = isCall ? forward - strike : strike - forward;
  const distanceTail = isCall ? twoSumTail(forward, -strike, distance) : twoSumTail(strike, -forward, distance);
  let timeValue = price;
  if (distance > 0) {
    const intrinsic = discountFactor * distance;
    const intrinsicTail = twoProductTail(discountFactor, distance, intrinsic) + discountFactor * distanceTail;
    if (price <= intrinsic + intrinsicTail) return BELOW_INTRINSIC;
    const difference = price - intrinsic;
    timeValue = difference + (twoSumTail(price, -intrinsic, difference) - intrinsicTail);
  } else if (!(price > 0)) return BELOW_INTRINSIC;
  if (yearsToExpiry === 0) return ABOVE_MAXIMUM;
  const root = Math.sqrt(yearsToExpiry);
  if (distance === 0) return (timeValue / discountFactor / root) * SQRT_TWO_PI;
  const width = distance < 0 ? -distance : distance;
  const unit = discountFactor * width;
  const quotient = timeValue / unit;
  return (solveNormalDeviation(quotient, logOfQuotient(timeValue, unit, quotient)) * width) / root;
}

function checkImpliedVolatilityInput(input: ImpliedVolatilityInput): void {
  requireRight(input.right);
  if (input.model !== undefined && input.model !== 'black76' && input.model !== 'bachelier') {
    throw new PricingInputError('model', input.model, "must be 'black76' or 'bachelier'");
  }
  const requirePrice = input.model === 'bachelier' ? requireFinite : requireNonNegative;
  requirePrice('forward', input.forward);
  requirePrice('strike', input.strike);
  requireNonNegative('yearsToExpiry', input.yearsToExpiry);
  requireFinite('discountFactor', input.discountFactor);
  if (input.discountFactor <= 0) throw new PricingInputError('discountFactor', input.discountFactor, 'must be > 0');
  requireFinite('price', input.price);
}

const SQRT_TWO_PI = 2.5066282746310002;
