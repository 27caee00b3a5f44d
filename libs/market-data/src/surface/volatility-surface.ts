import { DomainError, type Instant } from '@ballast/domain';
import { exp, log } from '@ballast/pricing';
import { yearsToExpiry } from '../years-to-expiry';
import type { SurfaceFinding } from './surface-arbitrage';
import { sliceVariance, type VolatilitySlice } from './volatility-slice';

/** Implied volatility of one underlying at every strike and expiry. */
export interface VolatilitySurface {
  readonly underlyingId: string;
  readonly asOf: Instant;
  /** Price of the underlying [quote currency]; null when unknown. */
  readonly spot: number | null;
  /** At least one, in rising order of expiry. */
  readonly slices: readonly VolatilitySlice[];
  /** Arbitrage and misfit found while building. */
  readonly findings: readonly SurfaceFinding[];
}

/** A move of the market under which the surface is read. */
export interface SurfaceShock {
  /** Multiplies spot and every forward, > 0; 1 = unmoved. */
  readonly spotFactor: number;
  /**
   * sticky-strike: the volatility of a strike stays; sticky-delta: the volatility of a moneyness stays, so the smile
   * moves with spot.
   */
  readonly rule: 'sticky-strike' | 'sticky-delta';
  /** Added to the volatility (absolute, in points of 1.00) or to its ratio (relative: σ·(1 + amount)). */
  readonly volatilityShift?: { readonly kind: 'absolute' | 'relative'; readonly amount: number };
}

/**
 * Reads the implied volatility of a strike and an expiry, optionally under a shock.
 *
 * Between two quoted expiries total variance is linear in time at equal forward-moneyness; before the first and after
 * the last the volatility of that expiry is taken at the same moneyness. Never below 0.
 *
 * @param place.strike  [quote currency] > 0
 * @param place.expiry  after `surface.asOf`
 * @returns [1/√year]
 * @throws DomainError 'INVALID_MARKET_DATA' when strike, expiry or shock are out of range
 */
export function surfaceVolatility(
  surface: VolatilitySurface,
  place: { readonly strike: number; readonly expiry: Instant },
  shock: SurfaceShock = unmoved,
): number {
  const { strike, expiry } = place;
  const years = yearsToExpiry(surface.asOf, expiry);
  if (!(strike > 0) || !Number.isFinite(strike)) throw refusal('strike', strike, 'must be > 0');
  if (!(years > 0)) throw refusal('expiry', expiry, 'must lie after the surface');
  if (!(shock.spotFactor > 0) || !Number.isFinite(shock.spotFactor)) {
    throw refusal('spotFactor', shock.spotFactor, 'must be > 0');
  }
  const shift = shock.volatilityShift?.amount ?? 0;
  if (!Number.isFinite(shift)) throw refusal('volatilityShift', shift, 'must be finite');
  const moved = shock.rule === 'sticky-delta' ? shock.spotFactor : 1;
  const k = log(strike / (surfaceForward(surface, expiry) * moved));
  const volatility = Math.sqrt(Math.max(0, totalVariance(surface, k, years)) / years);
  const { volatilityShift } = shock;
  if (volatilityShift === undefined) return volatility;
  const { kind, amount } = volatilityShift;
  return Math.max(0, kind === 'absolute' ? volatility + amount : volatility * (1 + amount));
}

/**
 * Reads the forward of an expiry: of a quoted one its own; between two the carry rate is level; before the first it
 * runs from spot (where known), after the last the last carry goes on.
 *
 * @returns [quote currency per unit]
 */
export function surfaceForward(surface: VolatilitySurface, expiry: Instant): number {
  const years = yearsToExpiry(surface.asOf, expiry);
  const { before, after } = neighbours(surface, years);
  if (before === undefined) {
    const first = after as VolatilitySlice;
    if (surface.spot === null || !(surface.spot > 0)) return first.forward;
    return surface.spot * exp((log(first.forward / surface.spot) * years) / first.yearsToExpiry);
  }
  if (after === undefined) {
    const earlier = neighbours(surface, before.yearsToExpiry * 0.999_999).before;
    const from =
      earlier ?? (surface.spot !== null && surface.spot > 0 ? { forward: surface.spot, yearsToExpiry: 0 } : null);
    if (from === null) return before.forward;
    const carry = log(before.forward / from.forward) / (before.yearsToExpiry - from.yearsToExpiry);
    return before.forward * exp(carry * (years - before.yearsToExpiry));
  }
  const share = (years - before.yearsToExpiry) / (after.yearsToExpiry - before.yearsToExpiry);
  return before.forward * exp(share * log(after.forward / before.forward));
}

const unmoved: SurfaceShock = { spotFactor: 1, rule: 'sticky-strike' };

function totalVariance(surface: VolatilitySurface, k: number, years: number): number {
  const { before, after } = neighbours(surface, years);
  if (before === undefined || after === undefined) {
    const only = (before ?? after) as VolatilitySlice;
    return (sliceVariance(only, k).variance * years) / only.yearsToExpiry;
  }
  const share = (years - before.yearsToExpiry) / (after.yearsToExpiry - before.yearsToExpiry);
  return (1 - share) * sliceVariance(before, k).variance + share * sliceVariance(after, k).variance;
}

/** The slices around a time; at a slice itself that slice is `before` and, unless it is the last, the next is `after`. */
function neighbours(
  surface: VolatilitySurface,
  years: number,
): { readonly before: VolatilitySlice | undefined; readonly after: VolatilitySlice | undefined } {
  let before: VolatilitySlice | undefined;
  for (const slice of surface.slices) {
    if (slice.yearsToExpiry > years) return { before, after: slice };
    before = slice;
  }
  return { before, after: undefined };
}

function refusal(field: string, value: number, requirement: string): DomainError {
  return new DomainError('INVALID_MARKET_DATA', `${field}: ${requirement}, got ${value}`, field);
}
