import { householderStep, solveLognormalDeviation } from './implied-lognormal-volatility';

/** [x, s, c, 1 − c] of the normalised price c = Φ(x/s + s/2) − e^(−x)·Φ(x/s − s/2): 50-digit arithmetic (mpmath 1.3). */
const PRICES = [
  [-0.1, 0.2, 0.04148168846071833, 0.9585183115392817],
  [-0.5, 0.1, 6.856582455838737e-9, 0.9999999931434176],
  [-2, 1, 0.020923635821113732, 0.9790763641788862],
  [-0.01, 3, 0.8657163433763724, 0.1342836566236276],
  [-5, 4, 0.6877345382006199, 0.31226546179938014],
  [-1e-8, 1e-8, 8.331547100426366e-10, 0.9999999991668453],
  [0, 0.3, 0.11923538474048503, 0.880764615259515],
  [-20, 8, 0.9137085616508035, 0.08629143834919648],
] as const;

describe('the lognormal deviation a price implies', () => {
  it.each(PRICES)('at x = %d is s = %d', (x, s, price, complement) => {
    const ours = solveLognormalDeviation({ x, timeValue: price, supremum: 1, price, complement });
    expect(Math.abs(ours / s - 1)).toBeLessThan(2e-15);
  });

  it('falls back to Newton where the higher terms turn the step round', () => {
    expect(householderStep(1, 0, 0)).toBe(1);
    expect(householderStep(1, -4, 0)).toBe(1 / 3);
    expect(householderStep(1, 0, -12)).toBe(1);
  });

  it('takes the root of a cubic in one step of order four from near', () => {
    // g = s³ − 8 at s = 2.01: g′ = 3s², g″/g′ = 2/s, g‴/g′ = 2/s².
    const s = 2.01;
    const step = householderStep(-(s ** 3 - 8) / (3 * s * s), 2 / s, 2 / (s * s));
    expect(Math.abs(s + step - 2)).toBeLessThan(1e-9);
  });
});
