/**
 * American prices of many states in the quadratic approximation: each critical price is solved once and serves every spot.
 */
import { americanBaw } from './american-baw';
import { isAmericanLimit } from './american-limits';
import { requireAmericanOption, type AmericanOption } from './american-option';
import { exerciseShape, putProblem } from './american-put-problem';
import { createBlackScholesPricer } from './batch-black-scholes-pricer';
import { blackScholesPrice } from './black-scholes';
import { exp, expm1 } from './exponential';
import { log } from './logarithm';
import { quadraticCriticalLog, quadraticPower } from './quadratic-critical-price';

/** What the quadratic approximation has in common for every spot. */
interface CriticalPoint {
  readonly terms: AmericanOption;
  readonly power: number;
  /** Price from which on the option is exercised [currency/unit]. */
  readonly price: number;
  /** What exercise at that price gives beyond the European value there [currency/unit]. */
  readonly gain: number;
}

/**
 * Creates a function that prices American options to the bits of `americanBaw`.
 *
 * It remembers the last distinct critical prices: a risk array of sixteen scenarios on three volatility levels solves three.
 * What it remembers never changes a price.
 *
 * @returns price [currency/unit]; throws PricingInputError for an inadmissible option
 */
export function createBawPricer(): (option: AmericanOption) => number {
  const european = createBlackScholesPricer();
  const points: CriticalPoint[] = [];
  let oldest = 0;
  return (option) => {
    requireAmericanOption(option);
    if (isAmericanLimit(option) || exerciseShape(putProblem(option)) !== 'single') return americanBaw(option).price;
    let point = points.find(({ terms }) => isOfTerms(terms, option));
    if (point === undefined) {
      point = solveCriticalPoint(option);
      points[oldest] = point;
      oldest = (oldest + 1) % remembered;
    }
    const { power, price: critical, gain } = point;
    const { right, spot, strike } = option;
    const sign = right === 'call' ? 1 : -1;
    if (sign * (spot - critical) >= 0) return sign * (spot - strike);
    const price = european(option);
    if (critical === 0 || critical === Infinity) return price;
    return Math.max(sign * (spot - strike), price + gain * exp(power * log(spot / critical)));
  };
}

function solveCriticalPoint(option: AmericanOption): CriticalPoint {
  const { right, strike } = option;
  const power = quadraticPower(option).value;
  const criticalLog = quadraticCriticalLog(option, power);
  const price = strike * exp(criticalLog);
  const bounded = price > 0 && price < Infinity;
  const there = bounded ? blackScholesPrice({ ...option, spot: price }) : 0;
  return { terms: option, power, price, gain: (right === 'call' ? 1 : -1) * strike * expm1(criticalLog) - there };
}

function isOfTerms(terms: AmericanOption, option: AmericanOption): boolean {
  return (
    terms.volatility === option.volatility &&
    terms.yearsToExpiry === option.yearsToExpiry &&
    terms.rate === option.rate &&
    terms.dividendYield === option.dividendYield &&
    terms.strike === option.strike &&
    terms.right === option.right
  );
}

/** More than the volatility levels of any usual grid. */
const remembered = 16;
