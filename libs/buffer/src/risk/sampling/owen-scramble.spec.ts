import { hashPair, owenScramble } from './owen-scramble';

describe('owenScramble', () => {
  it('keeps a net: 256 equal steps stay one in each 256th, under every seed', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const hashed = hashPair(7, seed);
      const places = new Set(Array.from({ length: 256 }, (_, k) => owenScramble((k << 24) >>> 0, hashed) >>> 24));
      expect(places.size).toBe(256);
    }
  });

  it('decides a digit by the higher digits alone', () => {
    const [left, right] = [owenScramble(0x12345678, 99), owenScramble(0x1234ffff, 99)];
    expect(left >>> 16).toBe(right >>> 16);
    expect(left).not.toBe(right);
  });

  it('is uniform over seeds: the mean of 20,000 scrambles of 0 lies within 4 standard errors of ½', () => {
    let sum = 0;
    for (let seed = 0; seed < 20_000; seed += 1) sum += owenScramble(0, hashPair(1, seed)) / 2 ** 32;
    expect(Math.abs(sum / 20_000 - 0.5)).toBeLessThan(4 / Math.sqrt(12 * 20_000));
  });
});

describe('hashPair', () => {
  it('does not collide on 10,000 neighbours', () => {
    const seen = new Set<number>();
    for (let left = 0; left < 100; left += 1)
      for (let right = 0; right < 100; right += 1) seen.add(hashPair(left, right));
    expect(seen.size).toBeGreaterThan(9_990);
  });
});
