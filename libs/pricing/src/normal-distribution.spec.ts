import { ulpsApart } from '../../../test/support/ulp';
import { normalCdf, normalDensity, scaledNormalDensity } from './normal-distribution';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const CDF = [
  [-37, 5.725571222524577e-300],
  [-20, 2.7536241186062337e-89],
  [-8, 6.220960574271784e-16],
  [-3, 0.0013498980316300946],
  [-1, 0.15865525393145705],
  [-0.3, 0.3820885778110474],
  [1e-9, 0.5000000003989423],
  [0.3, 0.6179114221889527],
  [1, 0.8413447460685429],
  [3, 0.9986501019683699],
  [6, 0.9999999990134123],
] as const;
const DENSITY = [
  [0, 0.3989422804014327],
  [0.5, 0.35206532676429947],
  [-1, 0.24197072451914334],
  [3, 0.0044318484119380075],
  [10, 7.694598626706419e-23],
  [-37, 2.1200065515246056e-298],
] as const;

describe('the normal distribution', () => {
  it.each(CDF)('Φ(%d) is within its bound', (z, value) => {
    expect(ulpsApart(normalCdf(z), value)).toBeLessThanOrEqual(3);
  });

  it.each(DENSITY)('φ(%d) is within its bound', (z, value) => {
    expect(ulpsApart(normalDensity(z), value)).toBeLessThanOrEqual(1);
    expect(normalDensity(-z)).toBe(normalDensity(z));
  });

  it('has the limits of the real functions', () => {
    expect(normalCdf(-Infinity)).toBe(0);
    expect(normalCdf(Infinity)).toBe(1);
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(NaN)).toBeNaN();
    expect(normalDensity(Infinity)).toBe(0);
    expect(normalDensity(NaN)).toBeNaN();
  });

  it('is symmetric about one half', () => {
    for (let z = 0; z < 9; z += 0.03125) expect(normalCdf(z) + normalCdf(-z)).toBeCloseTo(1, 15);
  });

  it('never falls', () => {
    let last = 0;
    for (let z = -37; z < 9; z += 0.0078125) {
      const value = normalCdf(z);
      expect(value).toBeGreaterThanOrEqual(last);
      last = value;
    }
  });

  it('scales the density before it underflows', () => {
    // φ(40) = 1.46e-348 is below the smallest double.
    expect(normalDensity(40)).toBe(0);
    expect(ulpsApart(scaledNormalDensity(40, 0, 600), 6.071862687333935e-168)).toBeLessThanOrEqual(1);
    expect(scaledNormalDensity(1, 1e-10, 0)).toBe(normalDensity(1 + 1e-10));
  });
});
