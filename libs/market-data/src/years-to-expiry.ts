import { type Instant, yearsBetween } from '@ballast/domain';

/**
 * Computes the time to expiry, ACT/365 Fixed over exact milliseconds; 0 at and after expiry.
 *
 * @returns [year] ≥ 0
 *
 * @example
 * yearsToExpiry(parseInstant('2026-01-05T08:00:00Z', 'asOf'), parseInstant('2027-01-05T08:00:00Z', 'expiry')) // 1
 */
export function yearsToExpiry(asOf: Instant, expiry: Instant): number {
  return Math.max(0, yearsBetween(asOf, expiry));
}
