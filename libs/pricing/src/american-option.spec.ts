import { requireAmericanOption, requireAmericanTerms, type AmericanOption } from './american-option';

const option: AmericanOption = {
  right: 'put',
  spot: 100,
  strike: 100,
  yearsToExpiry: 1,
  rate: 0.05,
  dividendYield: 0,
  volatility: 0.2,
};

describe('requireAmericanOption', () => {
  it('accepts the limits', () => {
    expect(() =>
      requireAmericanOption({ ...option, spot: 0, strike: 0, yearsToExpiry: 0, volatility: Infinity }),
    ).not.toThrow();
  });

  it.each([
    ['spot', -1],
    ['spot', NaN],
    ['strike', -1e-9],
    ['strike', Infinity],
    ['yearsToExpiry', -1e-9],
    ['yearsToExpiry', NaN],
    ['rate', Infinity],
    ['dividendYield', NaN],
    ['volatility', -0.1],
    ['volatility', NaN],
    ['right', 'straddle'],
  ])('names field and value: %s = %p', (field, value) => {
    const bad = () => requireAmericanOption({ ...option, [field]: value } as AmericanOption);
    expect(bad).toThrow(expect.objectContaining({ code: 'INVALID_PRICING_INPUT', field, value }));
  });

  it('checks terms without spot and strike', () => {
    expect(() => requireAmericanTerms({ ...option, volatility: NaN })).toThrow(/volatility/);
  });
});
