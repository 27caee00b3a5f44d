import { availableDelta, consumeDelta, type DeltaPool, type PoolSide } from './delta-pool';
import type { CalendarSpread, CalendarSpreadLeg, SpreadSide } from './span-parameters';

/** A calendar spread that was formed. */
export interface FormedSpread {
  readonly spread: CalendarSpread;
  /** How many spreads, both assignments of the sides together. */
  readonly count: number;
  /** count × rate [quote currency]. */
  readonly charge: number;
}

/**
 * Charges spreads between months of one commodity (methodology §1.3): series spreads before tier spreads, then by
 * ascending priority, then in the order listed. Each is formed with A long and B short, then with A short and B long, as
 * often as the scarcest leg allows; what it uses is gone for the next.
 *
 * Consumes the pool.
 */
export function formCalendarSpreads(pool: DeltaPool, spreads: readonly CalendarSpread[]): readonly FormedSpread[] {
  const formed: FormedSpread[] = [];
  for (const spread of inEvaluationOrder(spreads)) {
    const count = formSpread(pool, spread, 'long') + formSpread(pool, spread, 'short');
    if (count > 0) formed.push({ spread, count, charge: count * spread.rate });
  }
  return formed;
}

/** Series before tier, then by priority; a stable sort keeps the listed order among equals. */
export function inEvaluationOrder(spreads: readonly CalendarSpread[]): readonly CalendarSpread[] {
  const rank = ({ kind }: CalendarSpread) => (kind === 'series' ? 0 : 1);
  return [...spreads].sort((left, right) => rank(left) - rank(right) || left.priority - right.priority);
}

function formSpread(pool: DeltaPool, spread: CalendarSpread, sideOfA: PoolSide): number {
  let count = Infinity;
  for (const leg of spread.legs)
    count = Math.min(count, availableDelta(pool, poolSide(leg.side, sideOfA), leg) / leg.deltaPerSpread);
  if (!(count > 0)) return 0;
  for (const leg of spread.legs) consumeLeg(pool, leg, poolSide(leg.side, sideOfA), count);
  return count;
}

function consumeLeg(pool: DeltaPool, leg: CalendarSpreadLeg, side: PoolSide, count: number): void {
  const taken = consumeDelta(pool, side, leg, count * leg.deltaPerSpread);
  taken.forEach((amount, index) => {
    pool.spreadConsumed[index] = (pool.spreadConsumed[index] as number) + amount;
  });
}

function poolSide(side: SpreadSide, sideOfA: PoolSide): PoolSide {
  if (side === 'A') return sideOfA;
  return sideOfA === 'long' ? 'short' : 'long';
}
