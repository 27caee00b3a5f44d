import type { OptionRight, Settlement } from '@ballast/domain';

/** Pricing models a methodology may choose; `american-*` and `binomial-crr` allow early exercise. */
export const valuationModels = [
  'black-scholes',
  'black76',
  'bachelier',
  'american-baw',
  'american-alo',
  'binomial-crr',
] as const;
export type ValuationModel = (typeof valuationModels)[number];

/** What stays fixed while an option contract is moved through scenarios. */
export interface OptionTerms {
  readonly model: ValuationModel;
  /** Steps of the binomial tree; ignored by the other models. */
  readonly steps: number;
  readonly right: OptionRight;
  /** [quote currency per unit of underlying] */
  readonly strike: number;
  /** Continuously compounded discount rate to expiry [1/year]. */
  readonly rate: number;
  /** Rate minus cost of carry [1/year]: the dividend yield of a spot, the rate itself for a future. */
  readonly dividendYield: number;
  /**
   * Added to the carried forward [quote currency per unit]; only under bachelier, whose prices move in price units:
   * a quoted forward of an underlying that is a future, or of one at or below 0, stands at this distance from it.
   */
  readonly forwardBasis?: number;
  /** inverse: the value is stated in the coin, undiscounted value / forward. */
  readonly settlement: Settlement;
}

/** Where the market stands for one option. */
export interface OptionState {
  /** Price of the underlying [quote currency per unit]. */
  readonly spot: number;
  /** ACT/365F, ≥ 0. */
  readonly yearsToExpiry: number;
  /** Annualised; in price units per √year for bachelier. ≥ 0 */
  readonly volatility: number;
}

/** One contract and the states under which it is to be valued; the three arrays have one length. */
export interface ScenarioValuation {
  readonly terms: OptionTerms;
  readonly spots: Float64Array;
  readonly yearsToExpiry: Float64Array;
  readonly volatilities: Float64Array;
}

/**
 * Values contracts under scenarios: one array per contract, one price per unit of underlying and state
 * [instrument currency]. Must agree with `valueOption` state by state.
 */
export type ValueScenarios = (contracts: readonly ScenarioValuation[]) => readonly Float64Array[];
