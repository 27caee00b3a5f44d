import type { DeltaPool } from './delta-pool';
import type { DeliveryCharge } from './span-parameters';

/**
 * Computes the spot or delivery charge: for each month with a rate, rate for spreads × delta consumed by calendar
 * spreads + rate for outrights × |remaining delta| (methodology §1.4) [quote currency].
 *
 * @param pool  the commodity's deltas after calendar spreads were formed
 */
export function computeDeliveryCharge(pool: DeltaPool, charges: readonly DeliveryCharge[]): number {
  let total = 0;
  for (const { month, spread, outright } of charges) {
    const index = pool.months.indexOf(month);
    if (index < 0) continue;
    const remaining = (pool.long[index] as number) + (pool.short[index] as number);
    total += spread * (pool.spreadConsumed[index] as number) + outright * remaining;
  }
  return total;
}
