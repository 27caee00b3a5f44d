import { ulpsApart } from '../../../test/support/ulp';
import { erfc, erfcx } from './error-function';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const ERFC = [
  [-6, 2],
  [-1, 1.8427007929497148],
  [-0.2, 1.2227025892104784],
  [1e-10, 0.999999999887162],
  [0.2, 0.7772974107895215],
  [0.5, 0.4795001221869535],
  [1, 0.15729920705028513],
  [2.5, 0.0004069520174449589],
  [10, 2.088487583762545e-45],
  [26, 5.663192408856143e-296],
] as const;
const ERFCX = [
  [-10, 5.376234283632271e43],
  [-1, 5.008980080762283],
  [0, 1],
  [0.3, 0.7345993345676551],
  [1, 0.427583576155807],
  [3, 0.17900115118138996],
  [10, 0.05614099274382259],
  [100, 0.005641613782989433],
  [10000000000, 5.641895835477563e-11],
] as const;

describe('the complementary error function', () => {
  it.each(ERFC)('erfc(%d) is within its bound', (x, value) => {
    expect(ulpsApart(erfc(x), value)).toBeLessThanOrEqual(4);
  });

  it.each(ERFCX)('erfcx(%d) is within its bound', (x, value) => {
    expect(ulpsApart(erfcx(x), value)).toBeLessThanOrEqual(3);
  });

  it('has the limits of the real functions', () => {
    expect(erfc(Infinity)).toBe(0);
    expect(erfc(-Infinity)).toBe(2);
    expect(erfc(NaN)).toBeNaN();
    expect(erfc(0)).toBe(1);
    expect(erfcx(0)).toBe(1);
    expect(erfcx(-30)).toBe(Infinity);
    expect(erfcx(NaN)).toBeNaN();
  });
});
