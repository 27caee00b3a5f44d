import { ulpsApart } from '../../../test/support/ulp';
import { power } from './power';

/** [base, exponent, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const POWERS = [
  [2, 0.5, 1.4142135623730951],
  [1.05, 30, 4.321942375150668],
  [0.3, -7.25, 6178.327182473868],
  [1e-300, 0.9, 9.999999999999847e-271],
  [123.456, -3.5, 4.783076140048412e-8],
  [1.0000001, 100000000, 22026.454910182532],
  [10, -300.5, 3.1622776601683794e-301],
  [0.9, 1000, 1.7478712517226947e-46],
] as const;

describe('real powers', () => {
  it.each(POWERS)('%d^%d is within its bound', (base, exponent, value) => {
    expect(ulpsApart(power(base, exponent), value)).toBeLessThanOrEqual(1.2);
  });

  it('agrees with repeated multiplication where that is exact', () => {
    for (let n = 0; n <= 30; n++) expect(power(3, n)).toBe(3 ** n);
    expect(power(2, -1074)).toBe(5e-324);
    expect(power(2, 1023)).toBe(2 ** 1023);
  });

  it('has the limits of the real function', () => {
    expect(power(0, 2)).toBe(0);
    expect(power(0, -2)).toBe(Infinity);
    expect(power(0, 0)).toBe(1);
    expect(power(1, Infinity)).toBe(1);
    expect(power(2, Infinity)).toBe(Infinity);
    expect(power(0.5, Infinity)).toBe(0);
    expect(power(2, -Infinity)).toBe(0);
    expect(power(Infinity, 0.5)).toBe(Infinity);
    expect(power(Infinity, -0.5)).toBe(0);
    expect(power(10, 400)).toBe(Infinity);
    expect(power(10, -400)).toBe(0);
    expect(power(-8, 1 / 3)).toBeNaN();
    expect(power(NaN, 1)).toBeNaN();
    expect(power(2, NaN)).toBeNaN();
  });
});
