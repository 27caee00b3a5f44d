import { type CommodityState, netDeltaLeft } from './commodity-state';
import { allMonths, consumeDelta } from './delta-pool';
import type { IntercommodityLeg, IntercommoditySpread, SpanScenario } from './span-parameters';
import { weightedPriceRisk } from './weighted-price-risk';

/** An inter-commodity spread that was formed. */
export interface FormedIntercommoditySpread {
  readonly spread: IntercommoditySpread;
  readonly count: number;
  /** Credit per leg [base currency]; empty for a scanning spread, whose effect is in the scan. */
  readonly credits: readonly { readonly underlying: string; readonly amount: number }[];
}

/**
 * Forms one inter-commodity spread with the deltas that are left and books its credits (methodology §1.5).
 *
 * Legs of side A must all stand on one side of the market and legs of side B on the other; count = scarcest leg's
 * |remaining delta| / ratio. weighted: credit of a leg = WFPR · count · ratio · rate, due only when every WFPR > 0.
 * flat: count × rate in the currency of the first leg, shared equally by the legs. scanning: the portion of each leg
 * that the spread uses is combined into the target, per scenario losses − rate × gains.
 *
 * @returns null when the spread cannot be formed
 */
export function formIntercommoditySpread(
  spread: IntercommoditySpread,
  states: ReadonlyMap<string, CommodityState>,
  scenarios: readonly SpanScenario[],
): FormedIntercommoditySpread | null {
  const legs = spread.legs.map((leg) => ({ leg, state: states.get(leg.underlying) }));
  const sides = new Set<number>();
  let count = Infinity;
  for (const { leg, state } of legs) {
    const net = state === undefined ? 0 : netDeltaLeft(state);
    sides.add(Math.sign(net) * (leg.side === 'A' ? 1 : -1));
    count = Math.min(count, Math.abs(net) / leg.ratio);
  }
  if (sides.size !== 1 || !(count > 0)) return null;
  const held = legs as readonly { readonly leg: IntercommodityLeg; readonly state: CommodityState }[];
  if (spread.method === 'scanning') {
    combineIntoTarget(spread, held, states, count);
    held.forEach(({ leg, state }) => consumeLeg(state, count * leg.ratio));
    return { spread, count, credits: [] };
  }
  const amounts =
    spread.method === 'flat' ? flatCredits(spread, held, count) : weightedCredits(spread, held, count, scenarios);
  if (amounts === null) return null;
  held.forEach(({ leg, state }, index) => {
    state.credit += amounts[index] as number;
    consumeLeg(state, count * leg.ratio);
  });
  const credits = held.map(({ leg }, index) => ({ underlying: leg.underlying, amount: amounts[index] as number }));
  return { spread, count, credits };
}

type HeldLegs = readonly { readonly leg: IntercommodityLeg; readonly state: CommodityState }[];

function flatCredits(spread: IntercommoditySpread, legs: HeldLegs, count: number): readonly number[] {
  const rateToBase = legs[0]?.state.commodity.rateToBase ?? 1;
  return legs.map(() => (count * spread.rate * rateToBase) / legs.length);
}

function weightedCredits(
  spread: IntercommoditySpread,
  legs: HeldLegs,
  count: number,
  scenarios: readonly SpanScenario[],
): readonly number[] | null {
  const credits: number[] = [];
  for (const { leg, state } of legs) {
    const { parameters, scanRangePerDelta } = state.commodity;
    const method = parameters.weightedFuturesPriceRisk;
    const { losses, netDelta } = state;
    const risk = weightedPriceRisk({ losses, scenarios, netDelta, scanRangePerDelta, method });
    if (!(risk > 0)) return null;
    credits.push(risk * count * leg.ratio * spread.rate);
  }
  return credits;
}

/** Per scenario the target takes Σ losing portions − rate × Σ gaining portions; the legs keep the rest. */
function combineIntoTarget(
  spread: IntercommoditySpread,
  legs: HeldLegs,
  states: ReadonlyMap<string, CommodityState>,
  count: number,
): void {
  const target = states.get(scanningTargetOf(spread));
  if (target === undefined) throw new Error(`scanning spread without its target ${scanningTargetOf(spread)}`);
  const combined = new Float64Array(target.scanned.length);
  for (const { leg, state } of legs) {
    const portion = Math.min(1 - state.movedPortion, (count * leg.ratio) / Math.abs(state.netDelta));
    state.movedPortion += portion;
    for (let index = 0; index < combined.length; index += 1) {
      const moved = portion * (state.losses[index] as number);
      state.scanned[index] = (state.scanned[index] as number) - moved;
      combined[index] = (combined[index] as number) + (moved > 0 ? moved : spread.rate * moved);
    }
  }
  for (let index = 0; index < combined.length; index += 1)
    target.scanned[index] = (target.scanned[index] as number) + (combined[index] as number);
}

/** Commodity that takes the combined scan: the stated target, else one named after the legs. */
export function scanningTargetOf(spread: IntercommoditySpread): string {
  return spread.target ?? spread.legs.map(({ underlying }) => underlying).join('+');
}

function consumeLeg(state: CommodityState, amount: number): void {
  consumeDelta(state.pool, netDeltaLeft(state) > 0 ? 'long' : 'short', allMonths, amount);
}
