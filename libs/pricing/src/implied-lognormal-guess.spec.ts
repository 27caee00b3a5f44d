import { guessLognormalDeviation, logOfPrice } from './implied-lognormal-guess';

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

describe('the first guess of a lognormal deviation', () => {
  it.each(PRICES)('at x = %d comes near s = %d', (x, s, price, complement) => {
    const guess = guessLognormalDeviation({ x, timeValue: price, supremum: 1, price, complement });
    expect(Math.abs(guess.deviation / s - 1)).toBeLessThan(0.1);
  });

  it('takes the branch of the price range', () => {
    const branch = (x: number, price: number, complement: number) =>
      guessLognormalDeviation({ x, timeValue: price, supremum: 1, price, complement }).branch;
    expect(branch(-0.5, 6.856582455838737e-9, 1)).toBe('lower');
    expect(branch(-2, 0.1, 0.9)).toBe('middle');
    expect(branch(0, 0.1, 0.9)).toBe('middle');
    expect(branch(-0.01, 0.999, 0.001)).toBe('upper');
  });

  it('reads a price whose quotient underflows', () => {
    const target = { x: -8, timeValue: 1e-200, supremum: 1e150, price: 0, complement: 1 };
    expect(logOfPrice(target)).toBeCloseTo(-350 * Math.LN10, 10);
    expect(guessLognormalDeviation(target).deviation).toBeCloseTo(8 / Math.sqrt(2 * 350 * Math.LN10), 2);
  });
});
