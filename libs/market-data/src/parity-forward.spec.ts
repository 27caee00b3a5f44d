import { blackScholesPrice, exp } from '@ballast/pricing';
import { parityForward } from './parity-forward';

const terms = { spot: 100, yearsToExpiry: 0.5, rate: 0.04, dividendYield: 0.01, volatility: 0.25 };
const pairAt = (strike: number) => ({
  strike,
  call: blackScholesPrice({ ...terms, strike, right: 'call' }),
  put: blackScholesPrice({ ...terms, strike, right: 'put' }),
});

describe('parityForward', () => {
  it('finds the forward of model prices', () => {
    const pairs = [70, 80, 90, 100, 110, 120, 130].map(pairAt);
    expect(parityForward(pairs, exp(-0.02))).toBeCloseTo(100 * exp(0.015), 10);
  });

  it('is not moved by one stale pair near the money nor by stale pairs far away', () => {
    const pairs = [90, 95, 105, 110].map(pairAt);
    const stale = { strike: 100, call: 9, put: 3 };
    const far = [
      { strike: 20, call: 70, put: 0 },
      { strike: 300, call: 0, put: 220 },
    ];
    expect(parityForward([...pairs, stale, ...far], exp(-0.02))).toBeCloseTo(100 * exp(0.015), 10);
  });

  it('takes one pair as it is, and the mean of two', () => {
    expect(parityForward([{ strike: 100, call: 7, put: 5 }], 1)).toBe(102);
    expect(
      parityForward(
        [
          { strike: 100, call: 7, put: 5 },
          { strike: 100, call: 8, put: 5 },
        ],
        1,
      ),
    ).toBe(102.5);
    expect(parityForward([], 1)).toBeNull();
  });

  it('refuses what is not finite', () => {
    expect(() => parityForward([{ strike: 100, call: NaN, put: 5 }], 1)).toThrow('strike 100: call NaN');
    expect(() => parityForward([], 0)).toThrow('discountFactor');
  });
});
