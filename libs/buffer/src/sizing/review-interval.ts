/** What decides how soon an account is looked at again. */
export interface ReviewFacts {
  /** Annual volatility of the account's market, ≥ 0. */
  readonly volatility: number;
  /** Gross exposure / equity, ≥ 0. */
  readonly leverage: number;
  /** Buffer / recommended buffer; below 0 = short of maintenance. */
  readonly bufferRatio: number;
}

/** Bounds of a review interval [minutes] and the figures it is measured by. */
export interface ReviewTerms {
  readonly shortest: number;
  readonly longest: number;
  /** Volatility and leverage at which a buffer as recommended is looked at once in `usual` minutes. */
  readonly usualVolatility: number;
  readonly usualLeverage: number;
  readonly usual: number;
}

/** A minute to a day; 60 minutes at 20 % volatility and leverage 1 with the recommended buffer. */
export const defaultReviewTerms: ReviewTerms = {
  shortest: 1,
  longest: 1_440,
  usualVolatility: 0.2,
  usualLeverage: 1,
  usual: 60,
};

/**
 * How soon to look at an account again: usual · (bufferRatio / ((σ/σ₀) · max(1, leverage/leverage₀)))², within the bounds.
 * The square is that of diffusion: a buffer twice as thick, or a market half as wild, lasts four times as long. It falls
 * with volatility and leverage, rises with the buffer, and is the shortest at or below a buffer of 0.
 *
 * @returns minutes
 */
export function reviewInterval(
  { volatility, leverage, bufferRatio }: ReviewFacts,
  terms: ReviewTerms = defaultReviewTerms,
): number {
  const { shortest, longest, usual, usualVolatility, usualLeverage } = terms;
  if (!(bufferRatio > 0)) return shortest;
  const speed = (volatility / usualVolatility) * Math.max(1, leverage / usualLeverage);
  if (!(speed > 0)) return longest;
  const share = bufferRatio / speed;
  return Math.min(longest, Math.max(shortest, usual * share * share));
}
