import type { OptionRight } from '@ballast/domain';
import type { CommodityParameters, IntercommoditySpread, MonthRange, SpanScenario } from './span-parameters';

/** One contract as the scan sees it; a risk-parameter file of an exchange gives the same figures ready-made. */
export interface SpanContract {
  readonly instrumentId: string;
  /** Loss of LONG one contract per scenario, weight included [base currency]. */
  readonly losses: Float64Array;
  /** Composite delta × delta scaling, in contracts of the underlying's future. */
  readonly delta: number;
  /** Contract month `YYYY-MM`. */
  readonly month: string;
  /** call or put for options, null for everything else. */
  readonly right: OptionRight | null;
  /** Base of the exposure add-on: value of the underlying of one contract [base currency]. */
  readonly notional: number;
  /** Short option minimum of one contract held short [quote currency]; absent: the rate of the commodity. */
  readonly shortOptionRate?: number;
}

/** Contracts of one underlying and the parameters that govern them. */
export interface SpanCommodity {
  readonly id: string;
  readonly parameters: CommodityParameters;
  /** Base currency per unit of the currency in which rates and charges are stated. */
  readonly rateToBase: number;
  /** Price of the underlying and its move in a full scan [quote currency per unit], for labels; null = not known. */
  readonly spot: number | null;
  readonly priceMove: number | null;
  /** Value of a full price scan per unit of delta [base currency]. */
  readonly scanRangePerDelta: number;
  readonly contracts: readonly SpanContract[];
  /** Months that are scanned on their own, their scan risks added; absent or empty: all months are scanned together. */
  readonly scannedApart?: readonly MonthRange[];
}

/** Everything a SPAN-style requirement is computed from, apart from the quantities held. */
export interface SpanBook {
  readonly scenarios: readonly SpanScenario[];
  /** In canonical order; quantities count contracts commodity by commodity in this order. */
  readonly commodities: readonly SpanCommodity[];
  readonly intercommodity: readonly IntercommoditySpread[];
}
