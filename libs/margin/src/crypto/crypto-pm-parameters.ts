import type { ScenarioValuationMode } from '../greeks-approximation';

/** Parameters of CRYPTO_PM that one underlying may carry for itself (methodology §3.1). */
export interface CryptoPmUnderlyingParameters {
  /** Largest move of the inner table as a fraction of the price, 0 < range < 1. */
  readonly priceRange: number;
  /** Relative volatility shocks at 30 days, scaled by (30 / days)^power. */
  readonly volatilityRangeUp: number;
  readonly volatilityRangeDown: number;
  /** Power below 30 days, and from 30 days on. */
  readonly shortTermPower: number;
  readonly longTermPower: number;
  /** Volatility below which an up shock never ends [1/√year]. */
  readonly minVolatilityForShockUp: number;
  /** Moves of the extended table as fractions, each > −1 and not 0; volatility up. */
  readonly extendedMoves: readonly number[];
  readonly extendedTableFactor: number;
  /** Part of an extended loss forgiven per multiple of the price range beyond the first [USD]. */
  readonly extendedDampener: number;
  /** Annualised move of the basis behind the roll shock [1/year], and its minimum per expiry. */
  readonly annualisedMoveRisk: number;
  readonly minAnnualisedMove: number;
  /** Net delta free of the delta shock [USD], slope per million USD above it, and its cap. */
  readonly deltaShockThresholdUsd: number;
  readonly deltaShockSlope: number;
  readonly maxDeltaShock: number;
}

/** Parameter set of CRYPTO_PM: common values, the account's own, and what single underlyings override. */
export interface CryptoPmParameters extends CryptoPmUnderlyingParameters {
  /** Factor on the gains of one underlying where several are added, 0…1. */
  readonly pnlOffset: number;
  /** Maintenance requirement as a fraction of the risk matrix, > 0. */
  readonly maintenanceFactor: number;
  /** Margin of open orders and market-maker protection [base currency], ≥ 0. */
  readonly openOrders: number;
  readonly marketMakerProtection: number;
  /** How options are revalued: in full, or by delta, gamma and vega with the error stated. */
  readonly valuation: ScenarioValuationMode;
  readonly underlyings: Readonly<Record<string, Partial<CryptoPmUnderlyingParameters>>>;
}

/** Values that hold for one underlying: the common set with that underlying's overrides. */
export function parametersOfUnderlying(
  parameters: CryptoPmParameters,
  underlying: string,
): CryptoPmUnderlyingParameters {
  return { ...parameters, ...parameters.underlyings[underlying] };
}
