import { optionGreeks } from './option-greeks';
import type { OptionTerms, ValuationModel } from './option-terms';
import { valueOption } from './option-value';

const terms = (model: ValuationModel, changes: Partial<OptionTerms> = {}): OptionTerms => ({
  model,
  steps: 201,
  right: 'put',
  strike: 100,
  rate: 0.05,
  dividendYield: 0.02,
  settlement: 'linear',
  ...changes,
});
const spotState = { spot: 98, yearsToExpiry: 0.4, volatility: 0.3 };

/** Central differences of the value itself. */
function differences(contract: OptionTerms, state: typeof spotState) {
  const value = (changes: Partial<typeof spotState>) => valueOption(contract, { ...state, ...changes });
  const [ds, dv, dt] = [1e-3 * state.spot, 1e-4 * state.volatility, 1e-5];
  return {
    delta: (value({ spot: state.spot + ds }) - value({ spot: state.spot - ds })) / (2 * ds),
    gamma: (value({ spot: state.spot + ds }) - 2 * value({}) + value({ spot: state.spot - ds })) / (ds * ds),
    vega: (value({ volatility: state.volatility + dv }) - value({ volatility: state.volatility - dv })) / (2 * dv),
    theta:
      (value({ yearsToExpiry: state.yearsToExpiry - dt }) - value({ yearsToExpiry: state.yearsToExpiry + dt })) /
      (2 * dt),
  };
}

describe('optionGreeks', () => {
  it.each([
    ['black-scholes', 0.3],
    ['black76', 0.3],
    ['bachelier', 25],
    ['american-baw', 0.3],
    ['american-alo', 0.3],
  ] as const)('are the derivatives of %s with respect to the underlying', (model, volatility) => {
    const state = { ...spotState, volatility };
    const greeks = optionGreeks(terms(model), state);
    const expected = differences(terms(model), state);
    expect(greeks.delta).toBeCloseTo(expected.delta, 4);
    expect(greeks.gamma).toBeCloseTo(expected.gamma, 3);
    expect(greeks.vega).toBeCloseTo(expected.vega, 3);
    expect(greeks.theta).toBeCloseTo(expected.theta, 2);
  });

  it('gives the tree its Greeks', () => {
    const european = optionGreeks(terms('black-scholes', { right: 'call', dividendYield: 0 }), spotState);
    const tree = optionGreeks(terms('binomial-crr', { right: 'call', dividendYield: 0 }), spotState);
    expect(Math.abs(tree.delta - european.delta)).toBeLessThan(2e-3);
    expect(Math.abs(tree.vega - european.vega)).toBeLessThan(0.2);
  });

  it('discounts only when the rate moves on a forward: rho = −T·V under black76', () => {
    const contract = terms('black76');
    expect(optionGreeks(contract, spotState).rho).toBeCloseTo(-0.4 * valueOption(contract, spotState), 10);
  });

  it('moves the forward with the rate under bachelier', () => {
    const state = { ...spotState, volatility: 25 };
    const value = (rate: number) => valueOption(terms('bachelier', { rate }), state);
    expect(optionGreeks(terms('bachelier'), state).rho).toBeCloseTo((value(0.0501) - value(0.0499)) / 0.0002, 4);
  });

  it('states a coin-settled option by the undiscounted value of the quote currency', () => {
    const inverse = optionGreeks(terms('black76', { settlement: 'inverse', rate: 0, dividendYield: 0 }), spotState);
    const plain = optionGreeks(terms('black-scholes', { rate: 0, dividendYield: 0 }), spotState);
    expect(inverse).toEqual(plain);
  });
});
