import { blackScholesPrice } from '@ballast/pricing';
import type { OptionTerms } from './option-terms';
import { forwardOf, valueOption, valueScenariosPlainly } from './option-value';

const terms: OptionTerms = {
  model: 'black-scholes',
  steps: 801,
  right: 'call',
  strike: 280,
  rate: 0.35,
  dividendYield: 0,
  settlement: 'linear',
};
const state = { spot: 301.5, yearsToExpiry: 0.1096, volatility: 0.3021 };

describe('valueOption', () => {
  it('reproduces the theoretical prices of the THYAO example (methodology §1.9)', () => {
    expect(valueOption(terms, state)).toBeCloseTo(33.9036982728081, 11);
    expect(valueOption({ ...terms, right: 'put' }, state)).toBeCloseTo(1.8662977232698097, 11);
  });

  it('is the same under black76 with the forward of the carry', () => {
    expect(valueOption({ ...terms, model: 'black76' }, state)).toBe(valueOption(terms, state));
  });

  it('values under Bachelier, negative prices included', () => {
    const bachelier: OptionTerms = { ...terms, model: 'bachelier', strike: -5, rate: 0, dividendYield: 0 };
    // At the money the normal model is σ√T/√(2π).
    expect(valueOption(bachelier, { spot: -5, yearsToExpiry: 0.25, volatility: 20 })).toBeCloseTo(
      10 / Math.sqrt(2 * Math.PI),
      12,
    );
  });

  it('states a coin-settled value as undiscounted value over forward', () => {
    const inverse: OptionTerms = { ...terms, settlement: 'inverse' };
    const forward = forwardOf(terms, state);
    const undiscounted = blackScholesPrice({
      spot: forward,
      strike: 280,
      yearsToExpiry: 0.1096,
      rate: 0,
      dividendYield: 0,
      volatility: 0.3021,
      right: 'call',
    });
    expect(valueOption(inverse, state)).toBeCloseTo(undiscounted / forward, 15);
    expect(valueOption(inverse, { ...state, spot: 0 })).toBe(0);
    expect(valueOption({ ...inverse, right: 'put' }, { ...state, spot: 0 })).toBe(Infinity);
  });

  it('refuses a spot below 0 under a lognormal model', () => {
    expect(() => valueOption(terms, { ...state, spot: -1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_PRICING_INPUT' }),
    );
  });
});

describe('valueScenariosPlainly', () => {
  it('agrees with valueOption state by state', () => {
    const spots = Float64Array.of(301.5, 261.099, 341.901);
    const yearsToExpiry = Float64Array.of(0.1096, 0.1, 0);
    const volatilities = Float64Array.of(0.3021, 0.38, 0.2);
    const [values] = valueScenariosPlainly([{ terms, spots, yearsToExpiry, volatilities }]);
    const expected = [0, 1, 2].map((i) =>
      valueOption(terms, { spot: spots[i]!, yearsToExpiry: yearsToExpiry[i]!, volatility: volatilities[i]! }),
    );
    expect([...values!]).toEqual(expected);
  });
});
