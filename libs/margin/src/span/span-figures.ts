import {
  calendarSpreadCharge,
  chargeCalendarSpreads,
  type CommodityState,
  deliveryChargeOf,
  netCommodity,
  type NettedCommodity,
  openCommodity,
} from './commodity-state';
import type { FormedSpread } from './calendar-spread-charge';
import { type FormedIntercommoditySpread, formIntercommoditySpread, scanningTargetOf } from './intercommodity-credit';
import { scanRiskOf } from './scan-apart';
import type { SpanBook, SpanCommodity } from './span-book';
import { activeScenario } from './weighted-price-risk';

/** Figures of one commodity, all in the base currency and unrounded. */
export interface CommodityFigures {
  readonly commodity: SpanCommodity;
  /** Losses of the position per scenario. */
  readonly losses: Float64Array;
  /** Losses scanned here after scanning spreads moved portions between commodities. */
  readonly scanned: Float64Array;
  /** Position from 0 of the scenario that binds. */
  readonly activeScenario: number;
  readonly scanRisk: number;
  readonly calendarSpreadCharge: number;
  readonly formedSpreads: readonly FormedSpread[];
  readonly deliveryCharge: number;
  /** Credit of inter-commodity spreads, ≥ 0. */
  readonly intercommodityCredit: number;
  readonly shortOptionMinimum: number;
  /** What the short option minimum, or the floor at 0, adds. */
  readonly minimumTopUp: number;
  readonly exposure: number;
  readonly netDelta: number;
  /** Portion of the position that scanning spreads moved to their targets, 0…1. */
  readonly movedPortion: number;
  readonly maintenance: number;
  readonly initial: number;
}

export interface SpanFigures {
  readonly commodities: readonly CommodityFigures[];
  readonly intercommodity: readonly FormedIntercommoditySpread[];
  readonly maintenance: number;
  readonly initial: number;
}

/**
 * Computes a SPAN-style requirement from ready risk arrays (methodology §1): sum and scan per commodity → super
 * inter-commodity spreads → calendar spreads → delivery charge → inter-commodity spreads by priority → short option
 * minimum → totals. Pure: the same book can be evaluated at many quantities.
 *
 * @param quantities  net contracts, commodity by commodity in the order of the book
 */
export function computeSpanFigures(book: SpanBook, quantities: Float64Array): SpanFigures {
  return chargeCommodities(book, netCommodities(book, quantities));
}

/** Sums the contracts of every commodity at given quantities, in the order of the book. */
export function netCommodities(book: SpanBook, quantities: Float64Array): readonly NettedCommodity[] {
  let offset = 0;
  return book.commodities.map((commodity) => {
    const own = quantities.subarray(offset, offset + commodity.contracts.length);
    offset += commodity.contracts.length;
    return netCommodity(book, commodity, own);
  });
}

/** Scans, charges and credits commodities whose contracts are summed. */
export function chargeCommodities(
  book: Pick<SpanBook, 'scenarios' | 'intercommodity'>,
  netted: readonly NettedCommodity[],
): SpanFigures {
  const states = new Map<string, CommodityState>();
  const movesLosses = book.intercommodity.some(({ method }) => method === 'scanning');
  for (const own of netted) states.set(own.commodity.id, openCommodity(own, movesLosses));
  const formed: FormedIntercommoditySpread[] = [];
  const formAll = (isSuper: boolean) => {
    const due = book.intercommodity.filter((spread) => spread.isSuper === isSuper);
    for (const spread of due.sort((left, right) => left.priority - right.priority)) {
      const result = formIntercommoditySpread(spread, states, book.scenarios);
      if (result !== null) formed.push(result);
    }
  };
  formAll(true);
  const deliveryCharges = new Map<string, number>();
  for (const [id, state] of states) {
    chargeCalendarSpreads(state);
    deliveryCharges.set(id, deliveryChargeOf(state));
  }
  formAll(false);
  const commodities = [...states.values()].map((state) =>
    commodityFigures(state, deliveryCharges.get(state.commodity.id) ?? 0),
  );
  let maintenance = 0;
  let initial = 0;
  for (const figures of commodities) {
    maintenance += figures.maintenance;
    initial += figures.initial;
  }
  return { commodities, intercommodity: formed, maintenance, initial };
}

/** Identifiers of the commodities that exist only because a scanning spread combines into them. */
export function scanningTargets(book: Pick<SpanBook, 'intercommodity'>): readonly string[] {
  return book.intercommodity.filter(({ method }) => method === 'scanning').map(scanningTargetOf);
}

/** Totals of one commodity (methodology §1.7): CME, or KDPW where the minimum comes before the credit. */
function commodityFigures(state: CommodityState, deliveryCharge: number): CommodityFigures {
  const { commodity, losses, scanned, formedSpreads, shortOptionMinimum, exposure, netDelta } = state;
  const active = activeScenario(scanned);
  const scanRisk = scanRiskOf(state, scanned[active] as number);
  const intra = calendarSpreadCharge(state);
  const charged = scanRisk + intra + deliveryCharge;
  const { aggregation, initialToMaintenanceRatio } = commodity.parameters;
  const risk =
    aggregation === 'cme'
      ? Math.max(charged - state.credit, shortOptionMinimum)
      : Math.max(0, Math.max(charged, shortOptionMinimum) - state.credit);
  const maintenance = risk + exposure;
  return {
    commodity,
    losses,
    scanned,
    activeScenario: active,
    scanRisk,
    calendarSpreadCharge: intra,
    formedSpreads,
    deliveryCharge,
    intercommodityCredit: state.credit,
    shortOptionMinimum,
    minimumTopUp: risk - (charged - state.credit),
    exposure,
    netDelta,
    movedPortion: state.movedPortion,
    maintenance,
    initial: maintenance * initialToMaintenanceRatio,
  };
}
