import { createAmericanPricer, log, type OptionRight } from '@ballast/pricing';
import type { ContractVolatility } from './contract-volatility';
import type { ForwardToExpiry } from './forward-to-expiry';

/**
 * Finds the volatility at which an American option is worth a price, under the spectral collocation model.
 *
 * The value rises with volatility, so the root is enclosed and the secant is kept inside the enclosure (Illinois
 * variant of regula falsi). At a price equal to the exercise value every small volatility fits; there is then no
 * information in the price and the answer is below-intrinsic.
 *
 * @param input.spot   [currency/unit] > 0
 * @param input.carry  forward and rate; the dividend yield is what carries spot to the forward
 * @param input.price  [currency/unit] > 0
 * @returns volatility [1/√year], relative error below 1e-6
 */
export function impliedAmericanVolatility(input: {
  readonly right: OptionRight;
  readonly spot: number;
  readonly strike: number;
  readonly carry: ForwardToExpiry;
  readonly price: number;
}): ContractVolatility {
  const { right, spot, strike, carry, price } = input;
  const { rate, yearsToExpiry } = carry;
  const dividendYield = rate - log(carry.forward / spot) / yearsToExpiry;
  const priceOf = createAmericanPricer('fast');
  const excessAt = (volatility: number): number =>
    priceOf({ right, spot, strike, yearsToExpiry, rate, dividendYield, volatility }) - price;
  const enclosure = {
    low: volatilityMinimum,
    lowExcess: excessAt(volatilityMinimum),
    high: volatilityMaximum,
    highExcess: excessAt(volatilityMaximum),
  };
  if (enclosure.lowExcess >= -1e-12 * strike) return { status: 'below-intrinsic' };
  if (enclosure.highExcess <= 0) return { status: 'above-maximum' };
  return { status: 'ok', volatility: enclosedRoot(excessAt, enclosure) };
}

/** Outside, no listed option is quoted and the collocation loses its meaning. */
const volatilityMinimum = 1e-3;
const volatilityMaximum = 20;
const iterationsMaximum = 80;

function enclosedRoot(
  excessAt: (volatility: number) => number,
  start: { readonly low: number; readonly lowExcess: number; readonly high: number; readonly highExcess: number },
): number {
  let { low, lowExcess, high, highExcess } = start;
  let lastSide = 0;
  for (let iteration = 0; iteration < iterationsMaximum && high - low > 1e-7 * high; iteration += 1) {
    const secant = (low * highExcess - high * lowExcess) / (highExcess - lowExcess);
    // The secant crawls while the enclosure spans decades; halving it in ratio brings it to one.
    const middle = high > 4 * low || !(secant > low && secant < high) ? Math.sqrt(low * high) : secant;
    const excess = excessAt(middle);
    if (excess === 0) return middle;
    if (excess < 0) {
      low = middle;
      lowExcess = excess;
      if (lastSide === -1) highExcess /= 2;
      lastSide = -1;
    } else {
      high = middle;
      highExcess = excess;
      if (lastSide === 1) lowExcess /= 2;
      lastSide = 1;
    }
    if (Math.abs(excess) < 1e-10 * excessScale(start)) return middle;
  }
  return (low + high) / 2;
}

function excessScale(start: { readonly lowExcess: number; readonly highExcess: number }): number {
  return start.highExcess - start.lowExcess;
}
