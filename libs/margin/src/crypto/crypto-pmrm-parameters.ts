import type { ScenarioValuationMode } from '../greeks-approximation';

/** How a scenario moves volatility: scaled up, scaled down, left alone, or tilted linearly or by distance from the forward. */
export const pmrmVolatilityShocks = ['UP', 'DOWN', 'NONE', 'LINEAR', 'ABS'] as const;
export type PmrmVolatilityShock = (typeof pmrmVolatilityShocks)[number];

export interface PmrmScenario {
  /** Factor on spot and forwards, 1.18 = +18 %, > 0. */
  readonly spotShock: number;
  readonly volatilityShock: PmrmVolatilityShock;
  /** Factor on the scenario's P&L: 1 in the inner grid, less in the tails. */
  readonly dampening: number;
}

/** Parameter set of CRYPTO_PMRM (methodology §3.2). */
export interface PmrmParameters {
  readonly scenarios: readonly PmrmScenario[];
  readonly volatilityShock: {
    readonly rangeUp: number;
    readonly rangeDown: number;
    /** Power of (30 days / time to expiry) up to 30 days. */
    readonly shortTermPower: number;
    /** The same beyond 30 days. */
    readonly longTermPower: number;
    readonly dteFloorDays: number;
    /** Volatility below which an up shock never ends [1/√year]. */
    readonly minVolatilityUpShock: number;
  };
  readonly margin: {
    /** Factors on the worst scenario loss. */
    readonly imFactor: number;
    readonly mmFactor: number;
    readonly shortRateMultScale: number;
    readonly longRateMultScale: number;
    readonly shortRateAddScale: number;
    readonly longRateAddScale: number;
    /** Static discount on a positive and on a negative shocked value of an expiry. */
    readonly baseStaticDiscount: number;
    readonly baseStaticDiscountNegative: number;
  };
  readonly basisContingency: {
    readonly shockUp: number;
    readonly shockDown: number;
    readonly addFactor: number;
    readonly multFactor: number;
  };
  readonly otherContingency: {
    readonly pegLossThreshold: number;
    readonly pegLossFactor: number;
    readonly confidenceThreshold: number;
    readonly confidenceMargin: number;
    readonly mmPerpPercent: number;
    readonly imPerpPercent: number;
    readonly mmOptionPercent: number;
    readonly imOptionPercent: number;
  };
  /** How options are revalued: in full, or by delta, gamma and vega with the error stated. */
  readonly valuation: ScenarioValuationMode;
  readonly skewShock: {
    readonly linearBaseCap: number;
    readonly absBaseCap: number;
    readonly linearCBase: number;
    readonly absCBase: number;
    readonly minKStar: number;
    readonly widthScale: number;
    readonly volParamStatic: number;
    readonly volParamScale: number;
  };
}
