import { inverseOption } from './inverse-option';

const option = { right: 'call', forward: 65000, strike: 61750, yearsToExpiry: 0.5, volatility: 0.4 } as const;

describe('inverseOption', () => {
  it('prices the example of its documentation', () => {
    expect(inverseOption(option).coinPrice).toBeCloseTo(0.136437, 6);
  });

  it.each(['call', 'put'] as const)('has the derivatives of its coin price: %s', (right) => {
    const at = (change: object) => inverseOption({ ...option, right, ...change });
    const result = at({});
    const [up, down] = [at({ forward: 65001 }), at({ forward: 64999 })];
    expect(result.coinDelta / ((up.coinPrice - down.coinPrice) / 2)).toBeCloseTo(1, 6);
    expect(result.coinGamma / ((up.coinDelta - down.coinDelta) / 2)).toBeCloseTo(1, 6);
    expect(result.coinVega).toBeCloseTo(
      (at({ volatility: 0.40001 }).coinPrice - at({ volatility: 0.39999 }).coinPrice) / 2e-5,
      6,
    );
    expect(result.coinTheta).toBeCloseTo(
      (at({ yearsToExpiry: 0.49999 }).coinPrice - at({ yearsToExpiry: 0.50001 }).coinPrice) / 2e-5,
      6,
    );
  });

  it('takes the premium in coin off the hedge', () => {
    for (const right of ['call', 'put'] as const) {
      const { delta, coinPrice, premiumAdjustedDelta, coinDelta } = inverseOption({ ...option, right });
      expect(premiumAdjustedDelta).toBeCloseTo(delta - coinPrice, 14);
      expect(coinDelta * 65000).toBeCloseTo(premiumAdjustedDelta, 14);
    }
  });

  it('pays intrinsic value in coin at expiry', () => {
    const { coinPrice, premiumAdjustedDelta } = inverseOption({ ...option, yearsToExpiry: 0 });
    expect(coinPrice).toBeCloseTo(0.05, 15);
    expect(premiumAdjustedDelta).toBeCloseTo(0.95, 15);
  });

  it.each([
    ['forward', 0],
    ['forward', NaN],
    ['strike', -1],
    ['yearsToExpiry', -1],
    ['volatility', NaN],
  ])('refuses %s = %p by name', (field, value) => {
    expect(() => inverseOption({ ...option, [field]: value })).toThrow(new RegExp(field));
  });
});
