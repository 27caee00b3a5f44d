/**
 * American options by the spectral collocation method of Andersen, Lake and Offengenden (2016), double boundary
 * included (Andersen and Lake 2021).
 */
import type { AmericanMode } from './american-accuracy';
import { americanBoundary, solveBoundary, type AmericanBoundary } from './american-boundary';
import { americanLimit, isAmericanLimit } from './american-limits';
import { addPremium, noPremium, type PremiumPoint, type PremiumSum } from './american-premium';
import { premiumBreaks } from './american-premium-path';
import { requireAmericanOption, type AmericanOption, type AmericanResult } from './american-option';
import { blackScholes, blackScholesPrice } from './black-scholes';
import { log } from './logarithm';

/** An American option and how exactly to price it. */
export interface AmericanAloInput extends AmericanOption {
  /** `accurate` (default): within 1e-4 per 100 of strike; `fast`: within 1.5e-3, half of all cases within 1e-6. */
  readonly mode?: AmericanMode;
}

/**
 * Computes price and sensitivities of an American option.
 *
 * Delta and gamma come from the integral representation of the premium, vega and rho from implicit differentiation of
 * the boundary, theta from the pricing equation θ = rV − (r − q)Sδ − ½σ²S²γ.
 *
 * @returns price [currency/unit], never below the intrinsic value nor the European price; delta [1]; gamma
 *          [unit/currency]; vega and rho per 1.00; theta per year; where exercise now is optimal delta is ±1 and the
 *          other sensitivities are 0
 * @throws PricingInputError when an input is not finite or out of range (volatility may be Infinity)
 *
 * @example
 * americanAlo({ right: 'put', spot: 100, strike: 100, yearsToExpiry: 1, rate: 0.05, dividendYield: 0, volatility: 0.25 })
 *   .price // 7.9745
 */
export function americanAlo(input: AmericanAloInput): AmericanResult {
  requireAmericanOption(input);
  if (isAmericanLimit(input)) return americanLimit(input);
  return resultOnBoundary(input, americanBoundary(input));
}

/**
 * Computes price and sensitivities on a boundary solved before: for many spots or strikes of one expiry.
 *
 * @param boundary  `americanBoundary` of the same right, years, rate, yield and volatility
 * @throws PricingInputError when spot or strike is not finite or negative
 */
export function americanAloWithBoundary(
  boundary: AmericanBoundary,
  contract: { readonly spot: number; readonly strike: number },
): AmericanResult {
  const option = contractOn(boundary, contract);
  requireAmericanOption(option);
  if (isAmericanLimit(option)) return americanLimit(option);
  const slopeless = boundary.upper !== null && boundary.upper.slopes === null;
  return resultOnBoundary(option, slopeless ? solveBoundary(boundary.terms, boundary.accuracy, true) : boundary);
}

/**
 * Computes the price alone on a boundary solved before: the inner step of a scenario array.
 *
 * @throws PricingInputError when spot or strike is not finite or negative
 */
export function americanPriceWithBoundary(
  boundary: AmericanBoundary,
  contract: { readonly spot: number; readonly strike: number },
): number {
  const option = contractOn(boundary, contract);
  requireAmericanOption(option);
  if (isAmericanLimit(option)) return americanLimit(option).price;
  const sign = option.right === 'call' ? 1 : -1;
  const intrinsic = sign * (option.spot - option.strike);
  const point = premiumPoint(option, boundary);
  const european = blackScholesPrice(option);
  if (exercised(boundary, point)) return Math.max(intrinsic, european);
  return Math.max(intrinsic, european, european + premiumAt(boundary, point, false).price);
}

/** Field by field: a spread costs Node 20 a fifth of the whole price. */
function contractOn({ terms }: AmericanBoundary, { spot, strike }: { readonly spot: number; readonly strike: number }) {
  const { right, yearsToExpiry, rate, dividendYield, volatility } = terms;
  const option: AmericanOption = { right, spot, strike, yearsToExpiry, rate, dividendYield, volatility };
  return option;
}

function resultOnBoundary(option: AmericanOption, boundary: AmericanBoundary): AmericanResult {
  const { right, spot, strike, rate, dividendYield, volatility } = option;
  const sign = right === 'call' ? 1 : -1;
  const intrinsic = sign * (spot - strike);
  const point = premiumPoint(option, boundary);
  const european = blackScholes(option);
  const premium = exercised(boundary, point) ? noPremium() : premiumAt(boundary, point, true);
  const added = premiumOfOption(option, premium);
  const price = Math.max(intrinsic, european.price, european.price + added.price);
  if (intrinsic > 0 && price === intrinsic) {
    return { price, delta: sign, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow: true };
  }
  const carried = (rate - dividendYield) * spot * added.delta;
  const diffused = 0.5 * volatility * volatility * spot * spot * added.gamma;
  return {
    price,
    delta: european.delta + added.delta,
    gamma: european.gamma + added.gamma,
    vega: european.vega + added.vega,
    theta: european.theta + rate * added.price - carried - diffused,
    rho: european.rho + added.rho,
    exerciseNow: false,
  };
}

/** The same point in the put that shares the boundary. */
function premiumPoint(option: AmericanOption, boundary: AmericanBoundary): PremiumPoint {
  const [spot, strike] = option.right === 'put' ? [option.spot, option.strike] : [option.strike, option.spot];
  return { put: boundary.put, spot, strike, logMoneyness: log(spot / strike) };
}

/** Turns a premium of the put that shares the boundary into that of the option. */
function premiumOfOption(option: AmericanOption, premium: PremiumSum) {
  const { price, delta, gamma, vega, rho, dividendRho } = premium;
  if (option.right === 'put') return { price, delta, gamma, vega, rho };
  const ratio = option.strike / option.spot;
  return { price, delta: price / option.spot - ratio * delta, gamma: ratio * ratio * gamma, vega, rho: dividendRho };
}

/** Exercise is optimal now. */
function exercised(boundary: AmericanBoundary, point: PremiumPoint): boolean {
  return point.logMoneyness <= boundary.exerciseBelow && point.logMoneyness >= boundary.exerciseAbove;
}

/** What early exercise adds to the European price of the put that shares the boundary. */
function premiumAt(boundary: AmericanBoundary, point: PremiumPoint, withSlopes: boolean): PremiumSum {
  const sum = noPremium();
  const { put, upper, lower, exerciseBelow, exerciseAbove, meeting } = boundary;
  if (upper === null) return sum;
  const { rule } = boundary.accuracy;
  const start = Math.max(0, put.yearsToExpiry - meeting);
  const drift = (put.rate - put.dividendYield) / put.volatility - 0.5 * put.volatility;
  const path = (distance: number, driftAway: number) => ({
    breaks: premiumBreaks({ years: put.yearsToExpiry, horizon: upper.horizon, start, distance, drift: driftAway }),
    rule,
    withSlopes,
  });
  if (lower !== null && start > 0) {
    const both = path(Infinity, drift);
    addPremium(sum, upper, point, both, 1, 1);
    addPremium(sum, lower, point, both, 1, -1);
  } else if (lower !== null && point.logMoneyness < exerciseAbove) {
    addPremium(sum, lower, point, path((exerciseAbove - point.logMoneyness) / put.volatility, -drift), -1, 1);
    subtractEuropeanCall(sum, point);
  } else {
    addPremium(sum, upper, point, path((point.logMoneyness - exerciseBelow) / put.volatility, drift), 1, 1);
  }
  return sum;
}

/** Below a double boundary the gain adds to the discounted forward, which is the European put less the call. */
function subtractEuropeanCall(sum: PremiumSum, point: PremiumPoint): void {
  const call = blackScholes({ ...point.put, right: 'call', spot: point.spot, strike: point.strike });
  sum.price -= call.price;
  sum.delta -= call.delta;
  sum.gamma -= call.gamma;
  sum.vega -= call.vega;
  sum.rho -= call.rho;
  sum.dividendRho -= call.dividendRho;
}
