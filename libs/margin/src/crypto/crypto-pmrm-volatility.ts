import { log, power } from '@ballast/pricing';
import { yearsOfSeconds } from './crypto-pmrm-book';
import type { PmrmParameters, PmrmVolatilityShock } from './crypto-pmrm-parameters';

const thirtyDays = 30 * 86_400;

/**
 * Computes how strongly volatilities of an expiry move: (30 days / max(time, floor))^power, the short-term power up to
 * and including 30 days (methodology §3.2).
 *
 * @example
 * // 794,852 s to expiry, power 0.3: 1.4256 → up shock 1 + 0.5 · 1.4256 = 1.7128
 */
export function termMultiplier(secondsToExpiry: number, shock: PmrmParameters['volatilityShock']): number {
  const exponent = secondsToExpiry <= thirtyDays ? shock.shortTermPower : shock.longTermPower;
  return power(thirtyDays / Math.max(secondsToExpiry, shock.dteFloorDays * 86_400), exponent);
}

/** An option's place on the volatility surface. */
export interface PmrmVolatilityPoint {
  readonly volatility: number;
  readonly strike: number;
  readonly forward: number;
  readonly secondsToExpiry: number;
}

/**
 * Computes the volatility of an option in a scenario (methodology §3.2): UP max(minimum, σ(1 + up · mult)), DOWN
 * σ · max(0, 1 − down · mult), LINEAR and ABS σ · max(0, 1 + clamp(k · cap / k*, ±cap)) with k = ln(K/F), |k| for ABS.
 *
 * @returns [1/√year], ≥ 0
 */
export function shockPmrmVolatility(
  point: PmrmVolatilityPoint,
  kind: PmrmVolatilityShock,
  parameters: PmrmParameters,
): number {
  const { volatility, secondsToExpiry } = point;
  const shock = parameters.volatilityShock;
  switch (kind) {
    case 'NONE':
      return volatility;
    case 'UP': {
      const scaled = volatility * (1 + shock.rangeUp * termMultiplier(secondsToExpiry, shock));
      return Math.max(shock.minVolatilityUpShock, scaled);
    }
    case 'DOWN':
      return volatility * Math.max(0, 1 - shock.rangeDown * termMultiplier(secondsToExpiry, shock));
    default:
      return volatility * skewFactor(point, kind, parameters.skewShock);
  }
}

function skewFactor(
  { strike, forward, secondsToExpiry }: PmrmVolatilityPoint,
  kind: 'LINEAR' | 'ABS',
  skew: PmrmParameters['skewShock'],
): number {
  if (!(strike > 0)) return 1;
  const root = Math.sqrt(yearsOfSeconds(secondsToExpiry));
  const [base, slope] = kind === 'LINEAR' ? [skew.linearBaseCap, skew.linearCBase] : [skew.absBaseCap, skew.absCBase];
  const cap = Math.max(0, slope * root + base);
  const width = Math.max(skew.minKStar, root * skew.widthScale * (skew.volParamStatic + root * skew.volParamScale));
  const moneyness = log(strike / forward);
  const tilt = ((kind === 'LINEAR' ? moneyness : Math.abs(moneyness)) * cap) / width;
  return Math.max(0, 1 + Math.min(Math.max(tilt, -cap), cap));
}
