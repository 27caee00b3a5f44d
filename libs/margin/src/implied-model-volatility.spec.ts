import { impliedModelVolatility } from './implied-model-volatility';
import type { OptionTerms, ValuationModel } from './option-terms';
import { valueOption } from './option-value';

const terms = (model: ValuationModel, changes: Partial<OptionTerms> = {}): OptionTerms => ({
  model,
  steps: 101,
  right: 'put',
  strike: 100,
  rate: 0.05,
  dividendYield: 0,
  settlement: 'linear',
  ...changes,
});
const state = { spot: 98, yearsToExpiry: 0.4 };

describe('impliedModelVolatility', () => {
  it.each([
    ['black-scholes', 0.3, {}],
    ['black76', 0.3, {}],
    ['bachelier', 25, {}],
    ['american-baw', 0.3, {}],
    ['american-alo', 0.3, {}],
    ['binomial-crr', 0.3, {}],
    ['black-scholes', 0.8, { settlement: 'inverse' }],
  ] as const)('gives back the volatility %s was priced with (%d)', (model, volatility, changes) => {
    const contract = terms(model, changes);
    const price = valueOption(contract, { ...state, volatility });
    const implied = impliedModelVolatility({ terms: contract, ...state, price });
    expect(implied).toEqual({ status: 'ok', volatility: expect.closeTo(volatility, 9) });
  });

  it('takes the largest volatility that leaves an early-exercise price at intrinsic', () => {
    const contract = terms('american-baw', { rate: 0.1 });
    const deep = { spot: 60, yearsToExpiry: 0.4 };
    const implied = impliedModelVolatility({ terms: contract, ...deep, price: 40 });
    if (implied.status !== 'ok') throw new Error(implied.status);
    expect(valueOption(contract, { ...deep, volatility: implied.volatility })).toBeCloseTo(40, 9);
    expect(valueOption(contract, { ...deep, volatility: implied.volatility * 1.1 })).toBeGreaterThan(40);
    expect(implied.volatility).toBeGreaterThan(0.1);
  });

  it.each([
    ['black-scholes', 0.01, 'below-intrinsic'],
    ['american-baw', 1.9, 'below-intrinsic'],
    ['american-baw', 0, 'below-intrinsic'],
    ['american-baw', 100, 'above-maximum'],
    ['black-scholes', 99, 'above-maximum'],
    ['american-baw', NaN, 'below-intrinsic'],
  ] as const)('says why no volatility of %s gives %d', (model, price, status) => {
    const { spot } = model === 'black-scholes' ? { spot: 90 } : state;
    expect(impliedModelVolatility({ terms: terms(model), ...state, spot, price })).toEqual({ status });
  });
});
