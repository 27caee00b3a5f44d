/**
 * American options in the limits where nothing is random: expired, zero or infinite volatility, zero spot or strike.
 */
import type { AmericanOption, AmericanResult, AmericanTerms } from './american-option';
import { exp } from './exponential';
import { log } from './logarithm';

/** Tells whether the option is one of the limits: σ√T < 1e-7, σ > 1e8, S = 0 or K = 0. */
export function isAmericanLimit(option: AmericanOption): boolean {
  return option.spot === 0 || option.strike === 0 || hasNoBoundaryToSolve(option);
}

/** Tells whether the terms alone make every option on them a limit: σ√T < 1e-7 or σ > 1e8. */
export function hasNoBoundaryToSolve(terms: AmericanTerms): boolean {
  const deviation = terms.yearsToExpiry === 0 ? 0 : terms.volatility * Math.sqrt(terms.yearsToExpiry);
  return deviation < NO_DEVIATION || terms.volatility > TOTAL_DEVIATION;
}

/**
 * Prices an American option in a limit.
 *
 * Without randomness the holder chooses the exercise time t in [0, T] that maximises ±(S e^(−qt) − K e^(−rt)), or none.
 * With infinite volatility the put tends to the strike, the call to the spot, each exercised (r, q ≥ 0) an instant from
 * now or (r, q < 0) at expiry.
 */
export function americanLimit(option: AmericanOption): AmericanResult {
  const random = option.volatility > TOTAL_DEVIATION && option.yearsToExpiry > 0;
  if (random && option.spot > 0 && option.strike > 0) return fullyRandom(option);
  const sign = option.right === 'call' ? 1 : -1;
  let best = exercisedAt(option, sign, option.yearsToExpiry);
  for (const years of [stationaryTime(option), 0]) {
    if (!(years >= 0 && years < option.yearsToExpiry)) continue;
    const other = exercisedAt(option, sign, years);
    if (other.price > best.price) best = other;
  }
  return best.price > 0 ? best : worthless(option, sign, best);
}

function exercisedAt(option: AmericanOption, sign: number, years: number): AmericanResult {
  const { spot, strike, yearsToExpiry, rate, dividendYield } = option;
  const growth = exp(-dividendYield * years);
  const discount = exp(-rate * years);
  const price = sign * (spot * growth - strike * discount);
  const waits = years === yearsToExpiry && years > 0;
  return {
    price,
    delta: sign * growth,
    gamma: 0,
    vega: 0,
    theta: waits ? sign * (dividendYield * spot * growth - rate * strike * discount) : 0,
    rho: years === 0 ? 0 : sign * years * strike * discount,
    exerciseNow: years === 0 && price > 0,
  };
}

/** At the kink itself delta is half of its value on the side with value, as for a European option. */
function worthless(option: AmericanOption, sign: number, best: AmericanResult): AmericanResult {
  const kink = best.price === 0 && option.spot > 0;
  return {
    price: 0,
    delta: kink ? 0.5 * best.delta : sign > 0 ? 0 : -0,
    gamma: 0,
    vega: 0,
    theta: 0,
    rho: 0,
    exerciseNow: false,
  };
}

/** Where the derivative of S e^(−qt) − K e^(−rt) in t vanishes; NaN when nowhere. */
function stationaryTime(option: AmericanOption): number {
  const { spot, strike, rate, dividendYield } = option;
  return log((dividendYield * spot) / (rate * strike)) / (dividendYield - rate);
}

function fullyRandom(option: AmericanOption): AmericanResult {
  const { right, spot, strike, yearsToExpiry } = option;
  const own = right === 'call' ? option.dividendYield : option.rate;
  const factor = own < 0 ? exp(-own * yearsToExpiry) : 1;
  const price = (right === 'call' ? spot : strike) * factor;
  return {
    price,
    delta: right === 'call' ? factor : 0,
    gamma: 0,
    vega: 0,
    theta: own < 0 ? own * price : 0,
    rho: right === 'put' && own < 0 ? -yearsToExpiry * price : 0,
    exerciseNow: false,
  };
}

const NO_DEVIATION = 1e-7;
const TOTAL_DEVIATION = 1e8;
