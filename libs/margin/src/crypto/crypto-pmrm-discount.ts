import { exp } from '@ballast/pricing';
import { yearsOfSeconds, type PmrmExpiry } from './crypto-pmrm-book';
import type { PmrmParameters } from './crypto-pmrm-parameters';

const settlementWindowSeconds = 1_800;

/**
 * Computes the factor by which a forward moves when the spot moves by `shock`. In the last 30 minutes the settlement
 * average is partly fixed, and only the open part, seconds / 1800, moves (methodology §3.2).
 *
 * @example
 * forwardFactor(900, 1.18) // 1.09: half of the average is fixed
 */
export function forwardFactor(secondsToExpiry: number, shock: number): number {
  if (secondsToExpiry >= settlementWindowSeconds) return shock;
  const open = Math.max(0, secondsToExpiry) / settlementWindowSeconds;
  return open * shock + (1 - open);
}

/** Static discounts of one expiry: the factor on a value that is owned (V ≥ 0) and on one that is owed. */
export interface StaticDiscounts {
  readonly owned: number;
  readonly owed: number;
}

/** Computes both static discounts of an expiry, for many values of it. */
export function staticDiscounts(
  expiry: Pick<PmrmExpiry, 'secondsToExpiry' | 'rate'>,
  margin: PmrmParameters['margin'],
): StaticDiscounts {
  return { owned: staticDiscount(expiry, 0, margin), owed: staticDiscount(expiry, -1, margin) };
}

/**
 * Computes the static discount on the shocked value V of an expiry (methodology §3.2):
 * V ≥ 0: base⁺ · e^(−τ(rate · longMult + longAdd)); V < 0: min(1 / df, base⁻ · e^(τ(rate · shortMult + shortAdd))) with
 * df = e^(−max(rate, 0) · τ).
 *
 * @returns factor on V, > 0: it lowers what is owned and raises what is owed
 *
 * @example
 * // 794,852 s, rate 0.15, default set: 0.9445087287 on a long value, 1.0037878446 on a short one
 */
export function staticDiscount(
  { secondsToExpiry, rate }: Pick<PmrmExpiry, 'secondsToExpiry' | 'rate'>,
  value: number,
  margin: PmrmParameters['margin'],
): number {
  const years = yearsOfSeconds(secondsToExpiry);
  if (value >= 0) {
    return margin.baseStaticDiscount * exp(-years * (rate * margin.longRateMultScale + margin.longRateAddScale));
  }
  const growth = exp(years * (rate * margin.shortRateMultScale + margin.shortRateAddScale));
  return Math.min(exp(Math.max(rate, 0) * years), margin.baseStaticDiscountNegative * growth);
}
