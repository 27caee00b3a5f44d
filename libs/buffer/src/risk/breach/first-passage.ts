import { exp, log, normalCdf } from '@ballast/pricing';

/**
 * Probability that drifted Brownian motion ν t + σ W(t) reaches −a or lower by T: Φ((−a − νT)/σ√T) +
 * e^(−2νa/σ²) Φ((−a + νT)/σ√T) (A. Borodin and P. Salminen, Handbook of Brownian Motion, 2002, 2.1.2.0.2).
 *
 * @param input.distance    a ≥ 0
 * @param input.drift       ν [1/year]
 * @param input.volatility  σ > 0 [1/√year]
 * @param input.years       T ≥ 0
 */
export function firstPassageProbability(input: {
  readonly distance: number;
  readonly drift: number;
  readonly volatility: number;
  readonly years: number;
}): number {
  const { distance, drift, volatility, years } = input;
  if (distance <= 0) return 1;
  const scale = volatility * Math.sqrt(years);
  if (!(scale > 0)) return 0;
  const reflected = exp((-2 * drift * distance) / (volatility * volatility));
  return normalCdf((-distance - drift * years) / scale) + reflected * normalCdf((-distance + drift * years) / scale);
}

/**
 * Probability that a lognormal price without expected change touches a level by T.
 *
 * @param input.price  now, > 0
 * @param input.level  > 0, below or above the price
 */
export function lognormalTouchProbability(input: {
  readonly price: number;
  readonly level: number;
  readonly volatility: number;
  readonly years: number;
}): number {
  const { price, level, volatility, years } = input;
  const below = level < price;
  const drift = (below ? -0.5 : 0.5) * volatility * volatility;
  return firstPassageProbability({ distance: Math.abs(log(price / level)), drift, volatility, years });
}

/**
 * Probability that a Brownian bridge between two points above a level that itself moves in a straight line crosses it:
 * e^(−2 x y / variance), x and y the distances at the ends (P. Glasserman 2003, §6.4; exact).
 *
 * @param variance  of the motion over the step, > 0
 */
export function bridgeCrossingProbability(input: {
  readonly start: number;
  readonly end: number;
  readonly variance: number;
}): number {
  const { start, end, variance } = input;
  if (!(start > 0 && end > 0)) return 1;
  return variance > 0 ? exp((-2 * start * end) / variance) : 0;
}
