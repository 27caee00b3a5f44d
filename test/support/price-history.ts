// Invented price histories: log returns of a seeded generator, so that a test knows their true distribution.
import type { PriceSeries } from '@ballast/buffer';
import { inverseNormalCdf } from '@ballast/pricing';

/** Calendar date a number of days after 2020-01-01. */
export function historyDate(index: number): string {
  return new Date(Date.UTC(2020, 0, 1) + index * 86_400_000).toISOString().slice(0, 10);
}

/** Price series of symbols from their log returns, starting at 100. */
export function seriesOf(returnsBySymbol: Readonly<Record<string, readonly number[]>>): PriceSeries {
  const symbols = Object.keys(returnsBySymbol);
  const levels = symbols.map((symbol) => {
    let level = 100;
    return [level, ...(returnsBySymbol[symbol] ?? []).map((value) => (level *= Math.exp(value)))];
  });
  const count = levels[0]?.length ?? 0;
  const days = Array.from({ length: count }, (_, index) => ({
    date: historyDate(index),
    prices: levels.map((column) => column[index] as number),
  }));
  return { symbols, days };
}

/** Independent standard normals of a seeded generator (mulberry32). */
export function normals(count: number, seed: number): readonly number[] {
  let state = Math.imul(seed + 1, 0x9e3779b1);
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return inverseNormalCdf((((word ^ (word >>> 14)) >>> 0) + 0.5) / 2 ** 32);
  });
}
