import type { CommodityParameters, SpanScenario } from './span-parameters';

/** What the weighted price risk of a commodity is computed from. */
export interface PriceRiskInput {
  /** Losses of the commodity's position per scenario. */
  readonly losses: Float64Array;
  readonly scenarios: readonly SpanScenario[];
  /** Net delta before any spread. */
  readonly netDelta: number;
  /** Value of one full price scan per unit of delta, same currency as the losses. */
  readonly scanRangePerDelta: number;
  readonly method: CommodityParameters['weightedFuturesPriceRisk'];
}

/**
 * Computes the weighted futures price risk per unit of delta (methodology §1.5):
 * VASL = (L[active] + L[paired])/2, TR = (L[1] + L[2])/2, FPR = VASL − TR, WFPR = FPR/|net delta|.
 *
 * `scan-range` takes the value of the scan range instead, `scan-range-cap` the smaller of the two.
 *
 * @returns 0 when there is no delta to spread; may be ≤ 0, and then no credit is due
 */
export function weightedPriceRisk(input: PriceRiskInput): number {
  const { losses, scenarios, netDelta, scanRangePerDelta, method } = input;
  if (netDelta === 0) return 0;
  if (method === 'scan-range') return scanRangePerDelta;
  const active = activeScenario(losses);
  const paired = (scenarios[active] as SpanScenario).pairedIndex - 1;
  const volatilityAdjusted = ((losses[active] as number) + (losses[paired] as number)) / 2;
  const timeRisk = ((losses[0] as number) + (losses[1] as number)) / 2;
  const normal = (volatilityAdjusted - timeRisk) / Math.abs(netDelta);
  return method === 'normal' ? normal : Math.min(normal, scanRangePerDelta);
}

/** Position (from 0) of the scenario with the largest loss; ties take the first. */
export function activeScenario(losses: Float64Array): number {
  let active = 0;
  for (let index = 1; index < losses.length; index += 1)
    if ((losses[index] as number) > (losses[active] as number)) active = index;
  return active;
}
