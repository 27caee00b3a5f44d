import { exp, impliedVolatility } from '@ballast/pricing';
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
 * European models invert in closed form. Early-exercise models are bisected on [0, 50]; at a price equal to intrinsic,
 * where every small volatility gives the same price, the largest such volatility is returned (the cautious end).
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
      return bisectVolatility(input);
  }
}

function bisectVolatility(input: {
  readonly terms: OptionTerms;
  readonly spot: number;
  readonly yearsToExpiry: number;
  readonly price: number;
}): ImpliedModelVolatility {
  const { terms, spot, yearsToExpiry, price } = input;
  const valueAt = (volatility: number) => valueOption(terms, { spot, yearsToExpiry, volatility });
  const bound = terms.right === 'call' ? spot : terms.strike;
  const noise = 1e-14 * Math.max(spot, terms.strike);
  if (!(price > 0) || price < Math.max(0, valueAt(volatilityMinimum)) - noise) return { status: 'below-intrinsic' };
  if (!(price < bound) || valueAt(volatilityMaximum) < price) return { status: 'above-maximum' };
  let low = volatilityMinimum;
  let high = volatilityMaximum;
  for (let step = 0; step < 100 && high - low > 1e-15 * high; step += 1) {
    const middle = 0.5 * (low + high);
    if (valueAt(middle) <= price + noise) low = middle;
    else high = middle;
  }
  return { status: 'ok', volatility: low };
}

/** Trees and approximations lose their meaning nearer to 0; no listed option trades beyond 5 000 %. */
const volatilityMinimum = 1e-4;
const volatilityMaximum = 50;
