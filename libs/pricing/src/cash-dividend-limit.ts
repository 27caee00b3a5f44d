/**
 * Options with cash dividends in the limits without randomness: zero volatility, zero spot or zero strike.
 */
import type { AmericanOption, AmericanResult } from './american-option';
import type { CashDividend } from './cash-dividend';
import { exp } from './exponential';
import { log } from './logarithm';

/** An option and the dividends that matter, in order of payment. */
export interface CertainOption {
  readonly option: AmericanOption & {
    readonly exercise: 'american' | 'european';
    readonly convention: 'spot' | 'escrowed';
  };
  readonly dates: readonly CashDividend[];
  /** Present value the convention escrows, else 0. */
  readonly escrowed: number;
}

/** Tells whether the option is one of the limits: σ√T < 1e-4, S = 0 or K = 0. */
export function isCertain(option: AmericanOption): boolean {
  return option.volatility * Math.sqrt(option.yearsToExpiry) < CERTAIN || option.spot === 0 || option.strike === 0;
}

/**
 * Prices the option along the certain path of the underlying: at the best exercise time, or at expiry.
 */
export function certainOption(input: CertainOption): AmericanResult {
  const { option, dates } = input;
  const sign = option.right === 'call' ? 1 : -1;
  const years = option.yearsToExpiry;
  const european = option.exercise === 'european';
  let best = exercisedAt(input, sign, years, dates.length);
  for (let paid = 0; paid <= dates.length && !european; paid++) {
    const start = paid === 0 ? 0 : dates[paid - 1]!.yearsToPayment;
    const end = paid === dates.length ? years : dates[paid]!.yearsToPayment;
    for (const time of [start, end, stationaryTime(input, paid)]) {
      if (!(time >= start && time <= end)) continue;
      const other = exercisedAt(input, sign, time, paid);
      if (other.price > best.price || (time === 0 && other.price === best.price)) best = other;
    }
  }
  return best.price > 0 ? best : { ...best, price: 0, delta: 0, theta: 0, rho: 0, exerciseNow: false };
}

/** Today's price of exercise at a time before which `paid` dividends were paid. */
function exercisedAt(input: CertainOption, sign: number, time: number, paid: number): AmericanResult {
  const { option, escrowed } = input;
  const { spot, strike, rate, dividendYield } = option;
  const level = pathLevel(input, paid);
  const growth = exp(-dividendYield * time);
  const discount = exp(-rate * time);
  const price = sign * (level.moving * growth + level.still - strike * discount);
  const delta = level.moving > 0 ? sign * growth : 0;
  if (time === 0) {
    return { price, delta: sign, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow: price > 0 };
  }
  const moved = (rate - dividendYield) * (spot - escrowed) + rate * escrowed;
  return {
    price,
    delta,
    gamma: 0,
    vega: 0,
    theta: rate * price - moved * delta,
    rho: sign * (level.movingByRate * growth + level.stillByRate + time * strike * discount),
    exerciseNow: false,
  };
}

/** The discounted path after `paid` dividends: moving·e^(−qt) + still, and the derivatives of both in the rate. */
function pathLevel(input: CertainOption, paid: number) {
  const { option, dates, escrowed } = input;
  const { rate, dividendYield } = option;
  if (option.convention === 'escrowed') {
    let [still, stillByRate, worthByRate] = [0, 0, 0];
    dates.forEach(({ yearsToPayment, amount }, i) => {
      const worth = amount * exp(-rate * yearsToPayment);
      worthByRate -= yearsToPayment * worth;
      if (i >= paid) {
        still += worth;
        stillByRate -= yearsToPayment * worth;
      }
    });
    return { moving: option.spot - escrowed, still, movingByRate: -worthByRate, stillByRate };
  }
  let [moving, movingByRate] = [option.spot, 0];
  for (const { yearsToPayment, amount } of dates.slice(0, paid)) {
    const worth = amount * exp(-(rate - dividendYield) * yearsToPayment);
    moving -= worth;
    movingByRate += yearsToPayment * worth;
  }
  return moving > 0
    ? { moving, still: 0, movingByRate, stillByRate: 0 }
    : { moving: 0, still: 0, movingByRate: 0, stillByRate: 0 };
}

/** Where moving·e^(−qt) − K e^(−rt) is stationary; NaN when nowhere. */
function stationaryTime(input: CertainOption, paid: number): number {
  const { strike, rate, dividendYield } = input.option;
  return log((dividendYield * pathLevel(input, paid).moving) / (rate * strike)) / (dividendYield - rate);
}

const CERTAIN = 1e-4;
