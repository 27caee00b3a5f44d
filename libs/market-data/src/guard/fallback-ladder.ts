import type { QuoteFlag, UnderlyingKind } from '@ballast/domain';

/** How far a fallback may reach. */
export interface FallbackLimits {
  /** A last good value older than this is not used as such [ms]. */
  readonly ageMaximumMs: number;
  /** A last good volatility grows by this fraction of itself per hour of age. */
  readonly growthPerHour: number;
  /** Largest volatility to be believed of each kind of underlying [1/√year]: what an unknown one is at least. */
  readonly volatilityMaximumByKind: Readonly<Record<UnderlyingKind, number>>;
}

export const defaultFallbackLimits: FallbackLimits = {
  ageMaximumMs: 4 * 3_600_000,
  growthPerHour: 0.1,
  volatilityMaximumByKind: {
    equity: 1.5,
    'narrow-index': 1,
    'broad-index': 0.9,
    'high-cap-index': 0.9,
    fx: 0.5,
    future: 1.2,
    crypto: 2.5,
    other: 2.5,
  },
};

/** A value somebody believed, and how long ago. */
export interface AgedValue {
  readonly value: number;
  readonly ageMs: number;
}

/** What may stand in for a volatility, best first. */
export interface VolatilityCandidates {
  /** [1/√year]; null = not usable. */
  readonly live: number | null;
  readonly secondSource: number | null;
  readonly surface: number | null;
  readonly lastGood: AgedValue | null;
  readonly kind: UnderlyingKind;
}

/** The value a rung gave; `flag` names the rung and is absent for a live value. */
export interface FallbackValue {
  readonly value: number;
  readonly flag?: QuoteFlag;
}

/**
 * Finds a volatility by the first rung that holds: live → second source → surface of the underlying → last good, grown by
 * 10 % of itself per hour and up to the age cap → conservative, the larger of the grown last good and the largest of its
 * kind. There is always a conservative one, but only for who held a volatility before: a contract that never had one is
 * null, and INDETERMINATE to whoever holds it (methodology §7.3).
 */
export function fallbackVolatility(
  candidates: VolatilityCandidates,
  limits: FallbackLimits = defaultFallbackLimits,
): FallbackValue | null {
  const { live, secondSource, surface, lastGood, kind } = candidates;
  if (live !== null) return { value: live };
  if (secondSource !== null) return { value: secondSource, flag: 'FALLBACK_SECOND_SOURCE' };
  if (surface !== null) return { value: surface, flag: 'FALLBACK_SURFACE' };
  if (lastGood === null) return null;
  const hours = Math.max(0, lastGood.ageMs) / 3_600_000;
  const maximum = limits.volatilityMaximumByKind[kind];
  if (lastGood.ageMs <= limits.ageMaximumMs) {
    return { value: lastGood.value * (1 + limits.growthPerHour * hours), flag: 'FALLBACK_LAST_GOOD' };
  }
  const grown = lastGood.value * (1 + limits.growthPerHour * (limits.ageMaximumMs / 3_600_000));
  return { value: Math.max(grown, maximum), flag: 'FALLBACK_CONSERVATIVE' };
}

/**
 * Finds a price: live → second source → last good up to the age cap → null. A price has no conservative value, because
 * nobody knows on which side of it an account is hurt.
 */
export function fallbackPrice<Price>(
  candidates: {
    readonly live: Price | null;
    readonly secondSource: Price | null;
    readonly lastGood: { readonly value: Price; readonly ageMs: number } | null;
  },
  limits: FallbackLimits = defaultFallbackLimits,
): { readonly value: Price; readonly flag?: QuoteFlag } | null {
  const { live, secondSource, lastGood } = candidates;
  if (live !== null) return { value: live };
  if (secondSource !== null) return { value: secondSource, flag: 'FALLBACK_SECOND_SOURCE' };
  if (lastGood === null || lastGood.ageMs > limits.ageMaximumMs) return null;
  return { value: lastGood.value, flag: 'FALLBACK_LAST_GOOD' };
}
