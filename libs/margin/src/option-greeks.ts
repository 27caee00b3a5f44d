import { americanAlo, americanBaw, bachelier, binomialCrr, blackScholes, exp } from '@ballast/pricing';
import type { OptionState, OptionTerms } from './option-terms';
import { forwardOf } from './option-value';

/** Raw partial derivatives per unit of underlying, with respect to the price of the underlying. */
export interface RawGreeks {
  readonly delta: number;
  readonly gamma: number;
  /** Per 1.00 of volatility. */
  readonly vega: number;
  /** Per calendar year. */
  readonly theta: number;
  /** Per 1.00 of rate; the yield held fixed, under black76 the forward. */
  readonly rho: number;
}

/**
 * Computes the raw Greeks of one option under the model of its terms, always with respect to the underlying's own
 * price, also where the model is written on the forward: delta = ∂V/∂F · e^((r−q)T), gamma = ∂²V/∂F² · e^(2(r−q)T).
 *
 * A coin-settled option states its Greeks in the quote currency per unit of underlying, undiscounted, as venues quote
 * them: delta is ∂U/∂S of the undiscounted value U, without the premium adjustment.
 */
export function optionGreeks(terms: OptionTerms, state: OptionState): RawGreeks {
  const { right, strike } = terms;
  const { spot, yearsToExpiry, volatility } = state;
  if (terms.settlement === 'inverse') {
    const forward = forwardOf(terms, state);
    return pick(blackScholes({ spot: forward, strike, yearsToExpiry, rate: 0, dividendYield: 0, volatility, right }));
  }
  const { rate, dividendYield } = terms;
  const spotInput = { spot, strike, yearsToExpiry, rate, dividendYield, volatility, right };
  switch (terms.model) {
    case 'black-scholes':
      return pick(blackScholes(spotInput));
    case 'black76':
      return black76Greeks(blackScholes(spotInput));
    case 'american-baw':
      return pick(americanBaw(spotInput));
    case 'american-alo':
      return pick(americanAlo(spotInput));
    case 'binomial-crr':
      return pick(binomialCrr({ ...spotInput, steps: terms.steps }));
    case 'bachelier':
      return bachelierGreeks(terms, state);
  }
}

/** On a forward the rate only discounts: ∂/∂r with the forward fixed is ∂/∂r + ∂/∂q = −T·V. */
function black76Greeks(greeks: RawGreeks & { readonly dividendRho: number }): RawGreeks {
  return { ...pick(greeks), rho: greeks.rho + greeks.dividendRho };
}

/** Chain rule from forward to spot: F = S·e^(bT), so ∂F/∂t = −bF and ∂F/∂r = TF. */
function bachelierGreeks(terms: OptionTerms, state: OptionState): RawGreeks {
  const { right, strike, rate, dividendYield } = terms;
  const { yearsToExpiry, volatility } = state;
  const forward = forwardOf(terms, state);
  const carried = forward - (terms.forwardBasis ?? 0);
  const carry = rate - dividendYield;
  const growth = exp(carry * yearsToExpiry);
  const onForward = bachelier({ forward, strike, yearsToExpiry, volatility, rate, right });
  return {
    delta: onForward.delta * growth,
    gamma: onForward.gamma * growth * growth,
    vega: onForward.vega,
    theta: onForward.theta - onForward.delta * carry * carried,
    rho: onForward.rho + onForward.delta * yearsToExpiry * carried,
  };
}

function pick({ delta, gamma, vega, theta, rho }: RawGreeks): RawGreeks {
  return { delta, gamma, vega, theta, rho };
}
