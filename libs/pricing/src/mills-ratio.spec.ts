import { ulpsApart } from '../../../test/support/ulp';
import { millsRatio, unitLossRatio } from './mills-ratio';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const MILLS = [
  [0, 1.2533141373155003],
  [0.3, 1.0018374009921558],
  [1, 0.6556795424187984],
  [2, 0.4213692292880545],
  [5, 0.19280810471531576],
  [7.99, 0.12328158528941494],
  [8, 0.1231319632579323],
  [20, 0.04987592598183679],
] as const;
const LOSS = [
  [0, 1],
  [0.3, 0.6994487797023533],
  [1, 0.34432045758120156],
  [2, 0.15726154142389107],
  [5, 0.03595947642342118],
  [7.99, 0.014980133537574653],
  [8, 0.01494429393654163],
  [20, 0.002481480363264327],
  [100, 9.997001498950944e-5],
] as const;

describe("Mills' ratio and the unit loss ratio", () => {
  it.each(MILLS)('M(%d) is within its bound', (z, value) => {
    expect(ulpsApart(millsRatio(z), value)).toBeLessThanOrEqual(1.5);
  });

  it.each(LOSS)('L(%d) is within its bound', (z, value) => {
    expect(ulpsApart(unitLossRatio(z), value)).toBeLessThanOrEqual(2.5);
  });

  it('satisfies L = 1 − zM where that does not cancel', () => {
    for (let z = 0; z < 2; z += 0.01) expect(unitLossRatio(z)).toBeCloseTo(1 - z * millsRatio(z), 15);
  });

  it('joins its pieces without a jump', () => {
    for (let i = 1; i <= 64; i++) {
      const z = i / 8;
      const below = z - 2 ** -50;
      expect(Math.abs(millsRatio(below) / millsRatio(z) - 1)).toBeLessThan(2e-15);
      expect(Math.abs(unitLossRatio(below) / unitLossRatio(z) - 1)).toBeLessThan(4e-15);
    }
  });

  it('has the limits of the real functions', () => {
    expect(millsRatio(1e300)).toBe(1e-300);
    expect(unitLossRatio(1e150)).toBe(1e-300);
    expect(millsRatio(Infinity)).toBe(0);
    expect(unitLossRatio(Infinity)).toBe(0);
    expect(millsRatio(NaN)).toBeNaN();
  });
});
