/**
 * American prices of many states: each exercise boundary is solved once and serves every spot and strike.
 */
import type { AmericanMode } from './american-accuracy';
import { americanPriceWithBoundary } from './american-alo';
import { americanBoundary, type AmericanBoundary } from './american-boundary';
import type { AmericanOption } from './american-option';

/**
 * Creates a function that prices American options like `americanAlo`.
 *
 * It remembers the last distinct boundaries: a risk array of sixteen scenarios on three volatility levels solves three.
 * What it remembers never changes a price.
 *
 * @param mode  see AmericanMode
 * @returns price [currency/unit]; throws PricingInputError for an inadmissible option
 */
export function createAmericanPricer(mode: AmericanMode): (option: AmericanOption) => number {
  const boundaries: AmericanBoundary[] = [];
  let oldest = 0;
  return (option) => {
    let boundary = findBoundary(boundaries, option);
    if (boundary === undefined) {
      const { right, yearsToExpiry, rate, dividendYield, volatility } = option;
      boundary = americanBoundary({ right, yearsToExpiry, rate, dividendYield, volatility, mode }, 'prices');
      boundaries[oldest] = boundary;
      oldest = (oldest + 1) % REMEMBERED;
    }
    return americanPriceWithBoundary(boundary, option);
  };
}

function findBoundary(boundaries: readonly AmericanBoundary[], option: AmericanOption): AmericanBoundary | undefined {
  for (const boundary of boundaries) {
    const { terms } = boundary;
    if (
      terms.volatility === option.volatility &&
      terms.yearsToExpiry === option.yearsToExpiry &&
      terms.rate === option.rate &&
      terms.dividendYield === option.dividendYield &&
      terms.right === option.right
    ) {
      return boundary;
    }
  }
  return undefined;
}

/** More than the volatility levels of any usual grid; a boundary holds a few kilobytes. */
const REMEMBERED = 64;
