import { addDeferred } from '@ballast/domain';
import { formCalendarSpreads, type FormedSpread } from './calendar-spread-charge';
import { computeDeliveryCharge } from './delivery-charge';
import { buildDeltaPool, type DeltaPool, remainingNetDelta } from './delta-pool';
import { lossesApart } from './scan-apart';
import { computeShortOptionMinimum } from './short-option-minimum';
import type { SpanBook, SpanCommodity } from './span-book';

/** A commodity while it is evaluated: positions summed, deltas pooled, charges and credits collected. */
export interface CommodityState {
  readonly commodity: SpanCommodity;
  /** Losses of the position per scenario [base currency]. */
  readonly losses: Float64Array;
  /** Losses still scanned here: less than `losses` once a scanning spread took a portion away, more at its target. */
  readonly scanned: Float64Array;
  /** Losses of each group of months that is scanned on its own; empty where all are scanned together. */
  readonly apart: readonly Float64Array[];
  readonly pool: DeltaPool;
  /** Net delta before any spread. */
  readonly netDelta: number;
  formedSpreads: readonly FormedSpread[];
  /** Portion of the position that scanning spreads moved to their targets, 0…1. */
  movedPortion: number;
  /** Credit of inter-commodity spreads, ≥ 0 [base currency]. */
  credit: number;
  readonly shortOptionMinimum: number;
  /** Exposure add-on of contracts held short [base currency]. */
  readonly exposure: number;
}

/** Contracts of a commodity summed at some quantities. */
export interface NettedCommodity {
  readonly commodity: SpanCommodity;
  /** Losses of the position per scenario [base currency]. */
  readonly losses: Float64Array;
  /** Losses of each group of months that is scanned on its own; empty where all are scanned together. */
  readonly apart: readonly Float64Array[];
  /** Net delta of each contract month. */
  readonly netByMonth: ReadonlyMap<string, number>;
  readonly netDelta: number;
  /** [base currency] */
  readonly shortOptionMinimum: number;
  /** Exposure add-on of contracts held short [base currency]. */
  readonly exposure: number;
}

/**
 * Sums a commodity's contracts at given quantities.
 *
 * @param quantities  net contracts of this commodity, in the order of its contracts
 */
export function buildCommodityState(
  book: SpanBook,
  commodity: SpanCommodity,
  quantities: Float64Array,
): CommodityState {
  return openCommodity(netCommodity(book, commodity, quantities));
}

/** @param quantities  as in buildCommodityState */
export function netCommodity(book: SpanBook, commodity: SpanCommodity, quantities: Float64Array): NettedCommodity {
  const losses = new Float64Array(book.scenarios.length);
  const netByMonth = new Map<string, number>();
  let netDelta = 0;
  let shortCalls = 0;
  let shortPuts = 0;
  let callCharge = 0;
  let putCharge = 0;
  let shortNotional = 0;
  commodity.contracts.forEach((contract, index) => {
    const quantity = quantities[index] as number;
    if (quantity === 0) return;
    for (let scenario = 0; scenario < losses.length; scenario += 1)
      losses[scenario] = (losses[scenario] as number) + quantity * (contract.losses[scenario] as number);
    netByMonth.set(contract.month, (netByMonth.get(contract.month) ?? 0) + quantity * contract.delta);
    netDelta += quantity * contract.delta;
    if (quantity > 0) return;
    const { right, shortOptionRate } = contract;
    if (shortOptionRate !== undefined) {
      if (right === 'call') callCharge -= quantity * shortOptionRate;
      if (right === 'put') putCharge -= quantity * shortOptionRate;
    } else if (right === 'call') shortCalls -= quantity;
    else if (right === 'put') shortPuts -= quantity;
    shortNotional -= quantity * contract.notional;
  });
  const { parameters, rateToBase } = commodity;
  const { shortOptionMinimum: minimum, exposureRate } = parameters;
  const counts = { shortCalls, shortPuts, callCharge, putCharge };
  return {
    commodity,
    losses,
    apart: lossesApart(commodity, quantities, losses.length),
    netByMonth,
    netDelta,
    shortOptionMinimum: computeShortOptionMinimum({ ...counts, minimum }) * rateToBase,
    exposure: shortNotional * exposureRate,
  };
}

/**
 * Begins the evaluation of a commodity whose contracts are summed.
 *
 * @param movesLosses  whether scanning spreads may move losses between commodities
 */
export function openCommodity(netted: NettedCommodity, movesLosses = true): CommodityState {
  const { commodity, losses, apart, netByMonth, netDelta, shortOptionMinimum, exposure } = netted;
  const state = {
    commodity,
    losses,
    scanned: movesLosses ? losses.slice() : losses,
    apart,
    netDelta,
    formedSpreads: [],
    movedPortion: 0,
    credit: 0,
    shortOptionMinimum,
    exposure,
  };
  return addDeferred(state, 'pool', () => buildDeltaPool(netByMonth));
}

/** Forms the calendar spreads of a commodity with the deltas that are left. */
export function chargeCalendarSpreads(state: CommodityState): void {
  const { calendarSpreads } = state.commodity.parameters;
  if (calendarSpreads.length > 0) state.formedSpreads = formCalendarSpreads(state.pool, calendarSpreads);
}

/** Charge of the calendar spreads formed [base currency]. */
export function calendarSpreadCharge(state: CommodityState): number {
  let charge = 0;
  for (const formed of state.formedSpreads) charge += formed.charge;
  return charge * state.commodity.rateToBase;
}

/** Delivery charge of the deltas as they stand [base currency]. */
export function deliveryChargeOf(state: CommodityState): number {
  const { deliveryCharge } = state.commodity.parameters;
  if (deliveryCharge.length === 0) return 0;
  return computeDeliveryCharge(state.pool, deliveryCharge) * state.commodity.rateToBase;
}

/** Net delta that spreads have left over. */
export function netDeltaLeft(state: CommodityState): number {
  return remainingNetDelta(state.pool);
}
