import { power } from '@ballast/pricing';
import type { CryptoPmUnderlyingParameters } from './crypto-pm-parameters';
import type { CryptoPmVolatilityMove } from './crypto-pm-scenario';

/**
 * Shocks a volatility (methodology §3.1): σ↑ = max(σ(1 + up · (30/dte)^p), minimum), σ↓ = max(σ(1 − down · (30/dte)^p), 0),
 * dte = max(days to expiry, 1), p the short-term power below 30 days.
 *
 * @param volatility    [1/√year], ≥ 0
 * @param daysToExpiry  calendar days, ≥ 0
 * @returns [1/√year], ≥ 0
 *
 * @example
 * // σ = 0.6, 30 days, up 0.5: 0.6 · 1.5 = 0.9
 */
export function shockCryptoPmVolatility(
  { volatility, daysToExpiry }: { readonly volatility: number; readonly daysToExpiry: number },
  move: CryptoPmVolatilityMove,
  parameters: CryptoPmUnderlyingParameters,
): number {
  if (move === 'same') return volatility;
  const days = Math.max(daysToExpiry, 1);
  const term = power(30 / days, days < 30 ? parameters.shortTermPower : parameters.longTermPower);
  if (move === 'down') return Math.max(volatility * (1 - parameters.volatilityRangeDown * term), 0);
  return Math.max(volatility * (1 + parameters.volatilityRangeUp * term), parameters.minVolatilityForShockUp);
}
