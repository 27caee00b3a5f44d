import type { ValuationModel } from '../option-terms';

/** One of the sixteen scenarios, in units that parameters turn into prices and volatilities. */
export interface SpanScenario {
  /** 1…16 as the field numbers them. */
  readonly index: number;
  /** Price move in thirds of the price scan range, −3…3; for an extreme scenario only its sign counts. */
  readonly moveThirds: number;
  /** true: the move is extremeMultiplier × price scan range and coverFraction of the loss counts. */
  readonly extreme: boolean;
  /** Direction of the volatility shift in volatility scan ranges. */
  readonly volatilityDirection: -1 | 0 | 1;
  /** Scenario with the same price move and the opposite volatility shift; itself for the extremes. */
  readonly pairedIndex: number;
}

/** Price move of a full scan: currency per contract of the underlying's future, or a fraction of the underlying price. */
export type PriceScanRange = { readonly amount: number } | { readonly fraction: number };

/** Calendar months, both included, each written `YYYY-MM`. */
export interface MonthRange {
  readonly from: string;
  readonly to: string;
}

/** Months with their own scan ranges. */
export interface ScanTier extends MonthRange {
  /** null = the commodity's own. */
  readonly priceScanRange: PriceScanRange | null;
  readonly volatilityScanRange: number | null;
}

export type SpreadSide = 'A' | 'B';

export interface CalendarSpreadLeg extends MonthRange {
  /** Delta taken from the leg per spread, > 0. */
  readonly deltaPerSpread: number;
  readonly side: SpreadSide;
}

/** A spread between months of one commodity; series spreads come before tier spreads, then by priority. */
export interface CalendarSpread {
  readonly priority: number;
  readonly kind: 'series' | 'tier';
  /** Charge per spread [quote currency of the underlying]. */
  readonly rate: number;
  readonly legs: readonly CalendarSpreadLeg[];
}

/** Charges for deltas in a delivery month [quote currency per unit of delta]. */
export interface DeliveryCharge {
  readonly month: string;
  /** On delta consumed by calendar spreads. */
  readonly spread: number;
  /** On delta that remains. */
  readonly outright: number;
}

/** Parameters of one combined commodity; see methodology §1.10 for every key. */
export interface CommodityParameters {
  readonly priceScanRange: PriceScanRange;
  /** Fraction of the volatility (multiplicative) or volatility points (additive), ≥ 0. */
  readonly volatilityScanRange: number;
  readonly volatilityShift: 'multiplicative' | 'additive';
  readonly extremeMultiplier: number;
  readonly coverFraction: number;
  /** Calendar days subtracted from the time to expiry in every scenario. */
  readonly lookAheadDays: number;
  /** Rate of the look-ahead carry of futures [1/year]; null = the underlying's own rate minus its yield. */
  readonly interestRate: number | null;
  /** unit: the loss of long one contract is rounded to whole currency, half away from zero. */
  readonly arrayRounding: 'none' | 'unit';
  readonly shortOptionMinimum: { readonly rate: number; readonly method: 'gross' | 'max' };
  /** null = by contract: European black-scholes (black76 on a future), American american-baw. */
  readonly model: ValuationModel | null;
  readonly scanTiers: readonly ScanTier[];
  readonly calendarSpreads: readonly CalendarSpread[];
  readonly deliveryCharge: readonly DeliveryCharge[];
  readonly deltaScalingFactor: number;
  readonly weightedFuturesPriceRisk: 'normal' | 'scan-range' | 'scan-range-cap';
  /** Add-on per unit of notional of contracts held short. */
  readonly exposureRate: number;
  readonly initialToMaintenanceRatio: number;
  readonly aggregation: 'cme' | 'kdpw';
  /** true: the net option value credited in the total is at most the requirement. */
  readonly capNetOptionValue: boolean;
}

export interface IntercommodityLeg {
  readonly underlying: string;
  /** Delta taken from the leg per spread, > 0. */
  readonly ratio: number;
  readonly side: SpreadSide;
}

/** A spread between commodities. */
export interface IntercommoditySpread {
  readonly priority: number;
  /** weighted: fraction of the price risk credited; flat: currency per spread; scanning: fraction of gains credited. */
  readonly rate: number;
  readonly method: 'weighted' | 'flat' | 'scanning';
  /** Commodity into which the legs of a scanning spread are combined. */
  readonly target: string | null;
  /** Evaluated before calendar spreads. */
  readonly isSuper: boolean;
  readonly legs: readonly IntercommodityLeg[];
}

/** Everything SPAN-style computation needs besides portfolio and market. */
export interface SpanParameters {
  readonly parameterSetId: string;
  readonly scenarios: readonly SpanScenario[];
  readonly default: CommodityParameters;
  readonly commodities: ReadonlyMap<string, CommodityParameters>;
  readonly intercommodity: readonly IntercommoditySpread[];
}
