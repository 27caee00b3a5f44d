import { twoProductTail, twoSumTail } from './double-double';

describe('the tails of rounded operations', () => {
  it('recovers what a sum rounds away', () => {
    expect(twoSumTail(1, 2 ** -60, 1)).toBe(2 ** -60);
    expect(twoSumTail(2 ** -60, 1, 1)).toBe(2 ** -60);
    expect(twoSumTail(0.1, 0.2, 0.1 + 0.2)).toBe(-(2 ** -55));
  });

  it('recovers what a product rounds away', () => {
    // (1 + 2^-30)² = 1 + 2^-29 + 2^-60.
    const factor = 1 + 2 ** -30;
    expect(twoProductTail(factor, factor, factor * factor)).toBe(2 ** -60);
    expect(twoProductTail(3, 7, 21)).toBe(0);
  });

  it('agrees with integer arithmetic on random 53-bit factors', () => {
    let seed = 12345n;
    const next = () => {
      seed = (seed * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n;
      return (seed >> 11n) | (1n << 52n);
    };
    for (let i = 0; i < 1000; i++) {
      const [a, b] = [next(), next()];
      const product = Number(a) * Number(b);
      expect(BigInt(product) + BigInt(twoProductTail(Number(a), Number(b), product))).toBe(a * b);
    }
  });

  it('gives up rather than return NaN where the split overflows', () => {
    expect(twoProductTail(1e305, 2, 2e305)).toBe(0);
    expect(twoProductTail(1e200, 1e200, Infinity)).toBe(0);
  });
});
