import { DomainError } from '@ballast/domain';

/** Prices of a European call and put of one strike and expiry, per unit of underlying. */
export interface ParityPair {
  readonly strike: number;
  readonly call: number;
  readonly put: number;
}

/**
 * Infers the forward of an expiry from put-call parity: F = K + (C − P) / discountFactor, the median over the pairs
 * nearest the money, where prices are firmest.
 *
 * Nearest means the smallest |C − P|; at most `pairsMaximum` pairs count, so that stale deep options do not vote.
 * Exact for European options; for American options of short rates and small dividends the error is the difference of
 * the early exercise premiums.
 *
 * @param pairs           at least one
 * @param discountFactor  > 0
 * @returns forward [currency/unit], or null without a pair
 * @throws DomainError 'INVALID_MARKET_DATA' when a value is not finite
 *
 * @example
 * parityForward([{ strike: 100, call: 7, put: 5 }], 1) // 102
 */
export function parityForward(pairs: readonly ParityPair[], discountFactor: number): number | null {
  for (const { strike, call, put } of pairs) {
    if (!Number.isFinite(strike + call + put)) {
      throw new DomainError('INVALID_MARKET_DATA', `parity pair at strike ${strike}: call ${call}, put ${put}`);
    }
  }
  if (!(discountFactor > 0)) {
    throw new DomainError(
      'INVALID_MARKET_DATA',
      `discountFactor: must be > 0, got ${discountFactor}`,
      'discountFactor',
    );
  }
  const nearest = [...pairs]
    .sort((left, right) => distance(left) - distance(right) || left.strike - right.strike)
    .slice(0, pairsMaximum);
  const forwards = nearest.map(({ strike, call, put }) => strike + (call - put) / discountFactor);
  forwards.sort((left, right) => left - right);
  const middle = forwards.length >> 1;
  const upper = forwards[middle];
  const lower = forwards[middle - 1];
  if (upper === undefined) return null;
  return forwards.length % 2 === 0 && lower !== undefined ? (lower + upper) / 2 : upper;
}

const pairsMaximum = 5;

function distance(pair: ParityPair): number {
  return Math.abs(pair.call - pair.put);
}
