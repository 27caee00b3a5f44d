/** Marginal effects of one switch: thrown first, before all others, and last, after all others. */
export interface MarginalEffects {
  readonly first: number;
  readonly last: number;
}

/**
 * Splits an effect among the underlyings that had a part in it: each gets the mean of its marginal effects as the first and
 * as the last of all, which prefers no order; what the parts miss is shared in proportion to their size, so that they add
 * up. Where no part has a size, all of it goes to the last part.
 *
 * @param effect     what is split, any sign
 * @param marginals  one per part, at least one
 * @returns one part per marginal; Σ = effect up to rounding of floats
 *
 * @example
 * splitAmongUnderlyings(10, [{ first: 4, last: 6 }, { first: 2, last: 4 }]) // [6.25, 3.75]
 */
export function splitAmongUnderlyings(effect: number, marginals: readonly MarginalEffects[]): readonly number[] {
  const means = marginals.map(({ first, last }) => (first + last) / 2);
  const size = means.reduce((sum, mean) => sum + Math.abs(mean), 0);
  const missing = effect - means.reduce((sum, mean) => sum + mean, 0);
  if (!(size > 0)) return means.map((_, place) => (place === means.length - 1 ? effect : 0));
  return means.map((mean) => mean + missing * (Math.abs(mean) / size));
}
