import type { DataQuality, Methodology, Money } from '@ballast/domain';

/** Loss of the portfolio in one scenario. */
export interface ScenarioLoss {
  /** Number of the scenario within its group, counted from 1 as the methodology numbers it. */
  readonly index: number;
  /** What was scanned: an underlying, an expiry or the whole portfolio. */
  readonly group: string;
  /** The scenario in words, for example `underlying −15 %, volatility +28 %`. */
  readonly label: string;
  /** Loss > 0, gain < 0 [base currency], unrounded model value. */
  readonly loss: number;
}

/** One line of the explanation; children add up to their parent exactly. Listed in pre-order. */
export interface BreakdownNode {
  readonly id: string;
  readonly parentId: string | null;
  /** Stable machine word, for example `requirement`, `scan-risk`, `short-option-minimum`, `diversification`, `rounding`. */
  readonly kind: string;
  readonly label: string;
  readonly amount: Money;
  /** How the amount came about, in words and numbers, for example `worst of 16 scenarios: 13`. */
  readonly basis: string;
}

/** Share of one position in the maintenance requirement. */
export interface PositionContribution {
  readonly instrumentId: string;
  /** Euler contribution [base currency]; the contributions of all positions add up to the requirement. */
  readonly euler: number;
  /** Requirement with the position minus the requirement without it [base currency]. */
  readonly increment: number;
}

/** Position Greeks of one underlying: raw derivative × quantity × multiplier, summed. */
export interface UnderlyingGreeks {
  readonly underlying: string;
  /** Change of value per 1.00 change of the underlying price [units of underlying]. */
  readonly delta: number;
  readonly gamma: number;
  /** Per 1.00 of volatility [currency]. */
  readonly vega: number;
  /** Per year [currency/year]. */
  readonly theta: number;
  /** Per 1.00 of rate [currency]. */
  readonly rho: number;
}

/** Unrounded figures, for comparison with published numbers of twelve digits. Null exactly when INDETERMINATE. */
export interface ModelFigures {
  readonly initialRequirement: number;
  readonly maintenanceRequirement: number;
  readonly netOptionValue: number;
  /** CRYPTO_PMRM only. */
  readonly markToMarket?: number;
  readonly initialHealth?: number;
  readonly maintenanceHealth?: number;
}

/**
 * What every methodology returns. Requirements are ≥ 0, exclude net option value and are rounded up once;
 * amounts are null exactly when quality is INDETERMINATE, and then `qualityReasons` says why.
 */
export interface MarginRequirement {
  readonly methodology: Methodology;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly initialRequirement: Money | null;
  readonly maintenanceRequirement: Money | null;
  /** Σ quantity × mark × multiplier over premium-style options: long > 0, short < 0. */
  readonly netOptionValue: Money | null;
  readonly model: ModelFigures | null;
  /** The scenario that binds; ties take the lowest index. Null for the sensitivity methodology and INDETERMINATE. */
  readonly worstScenario: ScenarioLoss | null;
  readonly scenarios: readonly ScenarioLoss[];
  readonly breakdown: readonly BreakdownNode[];
  readonly contributions: readonly PositionContribution[];
  readonly greeks: readonly UnderlyingGreeks[];
  readonly warnings: readonly string[];
}
