import { logRatio } from './log-ratio';

/** [a, b, ln(a/b), what its rounding left]: 50-digit arithmetic (mpmath 1.3). */
const RATIOS = [
  [100, 100.00000000000001, -1.4210854715202002e-16, -1.1596255306748875e-32],
  [100, 99, 0.010050335853501442, -7.320650877962871e-19],
  [100, 60, 0.5108256237659907, -3.8530815664156986e-17],
  [1e-300, 1e300, -1381.5510557964274, -4.7417756205510075e-14],
  [3, 2, 0.4054651081081644, -2.8811380259626426e-18],
  [1, 2.718281828459045, -1, 5.318237706605891e-17],
  [5e-324, 1, -744.4400719213812, -4.422444340918698e-14],
] as const;

describe('the logarithm of a ratio', () => {
  it.each(RATIOS)('ln(%d/%d) carries its tail', (a, b, value, tail) => {
    const ours = logRatio(a, b);
    expect(ours.value).toBe(value);
    expect(Math.abs(ours.tail - tail)).toBeLessThanOrEqual(2 ** -70 * Math.abs(value));
  });

  it('is odd and zero at one', () => {
    expect(logRatio(17, 17)).toEqual({ value: 0, tail: 0 });
    expect(logRatio(3, 7).value).toBe(-logRatio(7, 3).value);
  });
});
