import { ulpsApart } from '../../../test/support/ulp';
import { exp, expm1, expOfSum, expWithTail, relativeChange } from './exponential';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const EXP = [
  [-700.5, 5.980196118639791e-305],
  [-40.25, 3.3086216207858244e-18],
  [-1, 0.36787944117144233],
  [-1e-9, 0.999999999],
  [1e-20, 1],
  [0.3, 1.3498588075760032],
  [1, 2.718281828459045],
  [2.5, 12.182493960703473],
  [20.125, 549764190.6604683],
  [709.5, 1.3549863193146328e308],
] as const;
const EXPM1 = [
  [-50, -1],
  [-1, -0.6321205588285577],
  [-0.4, -0.32967995396436073],
  [-1e-5, -9.999950000166666e-6],
  [1e-18, 1e-18],
  [0.25, 0.2840254166877415],
  [0.5, 0.6487212707001282],
  [0.75, 1.1170000166126746],
  [3, 19.085536923187668],
  [100, 2.6881171418161356e43],
] as const;

describe('the exponential', () => {
  it.each(EXP)('exp(%d) is within its bound', (x, value) => {
    expect(ulpsApart(exp(x), value)).toBeLessThanOrEqual(1);
  });

  it.each(EXPM1)('expm1(%d) is within its bound', (x, value) => {
    expect(ulpsApart(expm1(x), value)).toBeLessThanOrEqual(1);
  });

  it('has the limits of the real function', () => {
    expect(exp(NaN)).toBeNaN();
    expect(exp(Infinity)).toBe(Infinity);
    expect(exp(-Infinity)).toBe(0);
    expect(exp(709.79)).toBe(Infinity);
    expect(exp(-746)).toBe(0);
    expect(exp(0)).toBe(1);
    expect(expm1(-Infinity)).toBe(-1);
    expect(expm1(Infinity)).toBe(Infinity);
    expect(expm1(NaN)).toBeNaN();
    expect(expm1(0)).toBe(0);
  });

  it('is gradual below the smallest normal number', () => {
    expect(exp(-745)).toBe(5e-324);
    expect(Math.abs(exp(-720) - 2.0322308024e-313)).toBeLessThanOrEqual(5e-324);
  });

  it('reads the tail of its argument', () => {
    // e^(1 + 1e-17) lies 1.71748e-16 above the double 2.718281828459045; value + tail is good to 2^-56.
    const { value, tail } = expWithTail(1, 1e-17);
    expect(value).toBe(2.718281828459045);
    expect(Math.abs(tail - 1.71748e-16)).toBeLessThan(2.72 * 2 ** -56);
    expect(expOfSum(1, 1e-10)).toBe(2.7182818287308734);
  });

  it('scales by a power of two without an intermediate underflow', () => {
    expect(exp(-800)).toBe(0);
    expect(ulpsApart(expOfSum(-800, 0, 600), 1.5219902691748212e-167)).toBeLessThanOrEqual(1);
  });

  it('has a cheap e^x − 1 that loses little to the exact one', () => {
    for (let step = -4000; step <= 4000; step++) {
      const x = step / 400;
      expect(ulpsApart(relativeChange(x), expm1(x))).toBeLessThanOrEqual(3);
    }
    expect(relativeChange(-1e-12)).toBe(-9.999999999995e-13);
    expect([relativeChange(-Infinity), relativeChange(Infinity), relativeChange(0)]).toEqual([-1, Infinity, 0]);
  });
});
