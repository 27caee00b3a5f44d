import { discountFactor } from './discount-factor';
import { PricingInputError } from './pricing-input-error';

describe('the discount factor', () => {
  it('carries the rounding of rate·years into its tail', () => {
    // e^(−0.05·0.7), 50-digit arithmetic on the doubles 0.05 and 0.7: 0.96560541625756647854…
    const { value, tail } = discountFactor('rate', 0.05, 0.7);
    expect(value).toBe(0.9656054162575665);
    expect(Math.abs(tail - 1.6201511219722593e-17)).toBeLessThan(2 ** -56);
  });

  it('is one at no time or no rate and falls to zero', () => {
    expect(discountFactor('rate', 0.05, 0).value).toBe(1);
    expect(discountFactor('rate', 0, 30).value).toBe(1);
    expect(discountFactor('rate', 1e300, 1e8).value).toBe(0);
  });

  it('refuses a rate that would overflow', () => {
    expect(() => discountFactor('rate', -70, 10)).toThrow(PricingInputError);
    expect(() => discountFactor('rate', -70, 10)).toThrow(/^rate .*got -70$/);
  });
});
