import { inverseNormalCdf } from '@ballast/pricing';

/** A seeded source of numbers: the same seed gives the same sequence on every machine. */
export interface DemoRandom {
  /** Next number of the open interval (0, 1). */
  readonly uniform: () => number;
  /** Next draw of the standard normal distribution. */
  readonly normal: () => number;
}

/**
 * Makes a generator from a 32-bit seed (mulberry32, T. Ettinger 2017: 32-bit state, full period 2³²).
 *
 * Good enough to draw a demo market; the Monte Carlo engine uses Sobol sequences instead.
 */
export function demoRandom(seed: number): DemoRandom {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
  return { uniform, normal: () => inverseNormalCdf(uniform()) };
}
