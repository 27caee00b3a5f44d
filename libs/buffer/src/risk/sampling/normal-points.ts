import { inverseNormalCdf } from '@ballast/pricing';
import { hashPair, owenScramble } from './owen-scramble';
import { sobolBits, sobolDirections } from './sobol-sequence';

/** A randomised quasi-random set of independent standard normal vectors. */
export interface NormalPoints {
  readonly dimensions: number;
  /** Writes point `index` into the target; any index, in any order, always the same bits. */
  readonly write: (index: number, target: Float64Array) => void;
}

/**
 * Prepares one scrambled Sobol point set. The first 128 dimensions are Owen-scrambled Sobol points; further ones, which a
 * Brownian bridge leaves almost no variance, are hashed pseudo-random numbers.
 *
 * @param input.seed  0 … 2³² − 1; two seeds give independent sets, so that their spread is a standard error
 */
export function prepareNormalPoints(input: { readonly dimensions: number; readonly seed: number }): NormalPoints {
  const { dimensions, seed } = input;
  const directions = sobolDirections(dimensions);
  const seeds = Uint32Array.from({ length: dimensions }, (_, dimension) => hashPair(seed >>> 0, dimension));
  return {
    dimensions,
    write: (index, target) => {
      for (let dimension = 0; dimension < dimensions; dimension += 1) {
        const own = seeds[dimension] as number;
        const column = directions[dimension];
        const word = column === undefined ? hashPair(own, index) : owenScramble(sobolBits(column, index), own);
        target[dimension] = inverseNormalCdf((word + 0.5) / 4294967296);
      }
    },
  };
}
