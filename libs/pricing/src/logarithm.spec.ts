import { ulpsApart } from '../../../test/support/ulp';
import { log, log1p } from './logarithm';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const LOG = [
  [1e-310, -713.8013788281542],
  [1e-5, -11.512925464970229],
  [0.5, -0.6931471805599453],
  [0.7, -0.35667494393873245],
  [0.9999999, -1.0000000494736474e-7],
  [1.0000001, 9.999999505838704e-8],
  [1.4142135623730951, 0.3465735902799727],
  [2, 0.6931471805599453],
  [10, 2.302585092994046],
  [1e300, 690.7755278982137],
] as const;
const LOG1P = [
  [-0.999, -6.907755278982136],
  [-0.5, -0.6931471805599453],
  [-0.25, -0.2876820724517809],
  [-1e-8, -1.0000000050000001e-8],
  [1e-17, 1e-17],
  [0.3, 0.26236426446749106],
  [0.5, 0.4054651081081644],
  [1, 0.6931471805599453],
  [7, 2.0794415416798357],
  [1e20, 46.051701859880914],
] as const;

describe('the logarithm', () => {
  it.each(LOG)('log(%d) is within its bound', (x, value) => {
    expect(ulpsApart(log(x), value)).toBeLessThanOrEqual(1);
  });

  it.each(LOG1P)('log1p(%d) is within its bound', (x, value) => {
    expect(ulpsApart(log1p(x), value)).toBeLessThanOrEqual(1);
  });

  it('has the limits of the real function', () => {
    expect(log(1)).toBe(0);
    expect(log(0)).toBe(-Infinity);
    expect(log(Infinity)).toBe(Infinity);
    expect(log(-1)).toBeNaN();
    expect(log(NaN)).toBeNaN();
    expect(log1p(0)).toBe(0);
    expect(log1p(-1)).toBe(-Infinity);
    expect(log1p(-2)).toBeNaN();
    expect(log1p(Infinity)).toBe(Infinity);
    expect(log1p(NaN)).toBeNaN();
  });
});
