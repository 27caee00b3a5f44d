import type { MonthRange } from './span-parameters';

/** Deltas of one commodity that spreads may still use, by contract month. Owned and consumed by one evaluation. */
export interface DeltaPool {
  /** Months in ascending order. */
  readonly months: readonly string[];
  /** Remaining long and short delta per month, each ≥ 0; at first at most one of the two is above 0. */
  readonly long: Float64Array;
  readonly short: Float64Array;
  /** Delta used up by calendar spreads per month, ≥ 0. */
  readonly spreadConsumed: Float64Array;
}

export type PoolSide = 'long' | 'short';

/** Builds the pool from the net delta of each month. */
export function buildDeltaPool(netByMonth: ReadonlyMap<string, number>): DeltaPool {
  const months = [...netByMonth.keys()].sort();
  const [long, short] = [new Float64Array(months.length), new Float64Array(months.length)];
  for (let place = 0; place < months.length; place += 1) {
    const delta = netByMonth.get(months[place] as string) ?? 0;
    long[place] = Math.max(0, delta);
    short[place] = Math.max(0, -delta);
  }
  return { months, long, short, spreadConsumed: new Float64Array(months.length) };
}

/** Sums the delta a range of months still has on a side. */
export function availableDelta(pool: DeltaPool, side: PoolSide, range: MonthRange): number {
  let available = 0;
  pool.months.forEach((month, index) => {
    if (range.from <= month && month <= range.to) available += pool[side][index] as number;
  });
  return available;
}

/** Takes delta from a range of months, the nearest month first, never more than is there; returns how much per month. */
export function consumeDelta(pool: DeltaPool, side: PoolSide, range: MonthRange, amount: number): Float64Array {
  const taken = new Float64Array(pool.months.length);
  let wanted = amount;
  pool.months.forEach((month, index) => {
    if (month < range.from || month > range.to) return;
    const part = Math.min(wanted, pool[side][index] as number);
    taken[index] = part;
    pool[side][index] = (pool[side][index] as number) - part;
    wanted -= part;
  });
  return taken;
}

/** Net delta that remains over all months: long − short. */
export function remainingNetDelta(pool: DeltaPool): number {
  let net = 0;
  for (let index = 0; index < pool.months.length; index += 1)
    net += (pool.long[index] as number) - (pool.short[index] as number);
  return net;
}

/** A range that holds every month. */
export const allMonths: MonthRange = { from: '0000-01', to: '9999-12' };
