/**
 * European prices of many states: what one state has in common with the one before is computed once.
 */
import { type BlackScholesInput, checkBlackScholesInput } from './black-scholes';
import type { ValueWithTail } from './exponential';
import { logRatio } from './log-ratio';
import { lognormalPrice } from './lognormal-price';
import { lognormalFactors, type LognormalFactors, lognormalTerms } from './lognormal-terms';

/**
 * Creates a function that prices European options to the bits of `blackScholesPrice`.
 *
 * It remembers the last discount factors and the last logarithm: a risk array of sixteen scenarios has two times to
 * expiry, and two volatilities at each price. What it remembers never changes a price.
 *
 * @returns price [currency/unit]; throws PricingInputError for an inadmissible option
 */
export function createBlackScholesPricer(): (option: BlackScholesInput) => number {
  const known = { rate: NaN, dividendYield: NaN, yearsToExpiry: NaN, spot: NaN, strike: NaN };
  let factors: LognormalFactors | undefined;
  let ratio: ValueWithTail | undefined;
  const ratioOf = (spot: number, strike: number): ValueWithTail => {
    if (ratio !== undefined && known.spot === spot && known.strike === strike) return ratio;
    ratio = logRatio(spot, strike);
    known.spot = spot;
    known.strike = strike;
    return ratio;
  };
  const factorsOf = (option: BlackScholesInput): LognormalFactors => {
    const { rate, dividendYield, yearsToExpiry } = option;
    const isKnown =
      known.yearsToExpiry === yearsToExpiry && known.rate === rate && known.dividendYield === dividendYield;
    if (factors !== undefined && isKnown) return factors;
    factors = lognormalFactors(option);
    known.rate = rate;
    known.dividendYield = dividendYield;
    known.yearsToExpiry = yearsToExpiry;
    return factors;
  };
  return (option) => {
    checkBlackScholesInput(option);
    return lognormalPrice(lognormalTerms(option, factorsOf(option), ratioOf), option.right);
  };
}
