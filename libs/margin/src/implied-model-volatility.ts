import { exp, impliedVolatility } from '@ballast/pricing';
import { findBracketedRoot } from './bracketed-root';
import type { OptionTerms } from './option-terms';
import { forwardOf, valueOption } from './option-value';

/** What a price says about volatility under a model. */
export type ImpliedModelVolatility =
  | { readonly status: 'ok'; readonly volatility: number }
  | { readonly status: 'below-intrinsic' }
  | { readonly status: 'above-maximum' };

/**
 * Finds the volatility at which the contract's own model returns a price.
 *
 * European models invert in closed form. Early-exercise models are searched on [0, 50] inside a bracket; at a price
 * equal to intrinsic, where every small volatility gives the same price, the largest such volatility is returned (the
 * cautious end).
 *
 * @param input.price  per unit of underlying, in the instrument's currency
 */
export function impliedModelVolatility(input: {
  readonly terms: OptionTerms;
  readonly spot: number;
  readonly yearsToExpiry: number;
  readonly price: number;
}): ImpliedModelVolatility {
  const { terms, spot, yearsToExpiry, price } = input;
  const { right, strike } = terms;
  const forward = forwardOf(terms, { spot, yearsToExpiry });
  if (terms.settlement === 'inverse') {
    return impliedVolatility({
      right,
      forward,
      strike,
      yearsToExpiry,
      discountFactor: 1,
      price: price * forward,
      model: 'black76',
    });
  }
  const discountFactor = exp(-terms.rate * yearsToExpiry);
  switch (terms.model) {
    case 'black-scholes':
    case 'black76':
      return impliedVolatility({ right, forward, strike, yearsToExpiry, discountFactor, price, model: 'black76' });
    case 'bachelier':
      return impliedVolatility({ right, forward, strike, yearsToExpiry, discountFactor, price, model: 'bachelier' });
    default:
      return searchVolatility(input);
  }
}

function searchVolatility(input: {
  readonly terms: OptionTerms;
  readonly spot: number;
  readonly yearsToExpiry: number;
  readonly price: number;
}): ImpliedModelVolatility {
  const { terms, spot, yearsToExpiry, price } = input;
  const noise = 1e-14 * Math.max(spot, terms.strike);
  const excessAt = (volatility: number) => valueOption(terms, { spot, yearsToExpiry, volatility }) - price - noise;
  const bound = terms.right === 'call' ? spot : terms.strike;
  let low = 0;
  let lowValue = excessAt(low);
  if (!(price > 0) || lowValue > 0) return { status: 'below-intrinsic' };
  if (!(price < bound)) return { status: 'above-maximum' };
  let high = europeanGuess(input);
  let highValue = excessAt(high);
  while (highValue < 0) {
    if (high >= volatilityMaximum) return { status: 'above-maximum' };
    [low, lowValue] = [high, highValue];
    high = Math.min(volatilityMaximum, 2 * high);
    highValue = excessAt(high);
  }
  return { status: 'ok', volatility: findBracketedRoot(excessAt, { low, lowValue, high, highValue }) };
}

/** Early exercise is worth something, so the European volatility of a price is an upper end, but for a tree's own error. */
function europeanGuess(input: Parameters<typeof searchVolatility>[0]): number {
  const { terms, spot, yearsToExpiry, price } = input;
  const european = impliedVolatility({
    right: terms.right,
    forward: forwardOf(terms, { spot, yearsToExpiry }),
    strike: terms.strike,
    yearsToExpiry,
    discountFactor: exp(-terms.rate * yearsToExpiry),
    price,
    model: 'black76',
  });
  if (european.status !== 'ok') return volatilityMaximum;
  return Math.min(volatilityMaximum, 1.02 * Math.max(0.001, european.volatility));
}

/** No listed option trades beyond 5 000 %. */
const volatilityMaximum = 50;
