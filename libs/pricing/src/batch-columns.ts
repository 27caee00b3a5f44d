/**
 * The struct-of-arrays shapes of the batch functions: columns of one length, owned by the caller, one option per row.
 */

/** Black-Scholes inputs in columns. Rows are independent; a row's results do not depend on its place. */
export interface BlackScholesColumns {
  /** Price of the underlying [currency/unit] ≥ 0. */
  readonly spot: Float64Array;
  /** Strike [currency/unit] ≥ 0. */
  readonly strike: Float64Array;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: Float64Array;
  /** Continuously compounded rate [1/year]. */
  readonly rate: Float64Array;
  /** Continuously compounded dividend yield [1/year]. */
  readonly dividendYield: Float64Array;
  /** Lognormal volatility, 0.20 = 20 % [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: Float64Array;
  /** Call 1, put −1. */
  readonly right: Float64Array;
}

/** Black-76 inputs in columns. */
export interface Black76Columns {
  /** Forward price at expiry [currency/unit] ≥ 0. */
  readonly forward: Float64Array;
  /** Strike [currency/unit] ≥ 0. */
  readonly strike: Float64Array;
  /** Time to expiry, ACT/365F [year] ≥ 0. */
  readonly yearsToExpiry: Float64Array;
  /** Continuously compounded rate of the discounting [1/year]. */
  readonly rate: Float64Array;
  /** Lognormal volatility [1/√year] ≥ 0, Infinity allowed. */
  readonly volatility: Float64Array;
  /** Call 1, put −1. */
  readonly right: Float64Array;
}

/** Price and first-order sensitivities in columns; the function writes every row. */
export interface SensitivityColumns {
  /** V [currency/unit]. */
  readonly price: Float64Array;
  /** ∂V/∂S, of Black-76 ∂V/∂F [1]. */
  readonly delta: Float64Array;
  /** ∂²V/∂S² [unit/currency]. */
  readonly gamma: Float64Array;
  /** ∂V/∂σ per 1.00 [currency/unit]. */
  readonly vega: Float64Array;
  /** ∂V/∂t per year, negative for a decaying long option [currency/unit/year]. */
  readonly theta: Float64Array;
  /** ∂V/∂r per 1.00 [currency/unit]. */
  readonly rho: Float64Array;
}

/** What a batch function could not value. */
export interface BatchReport {
  /** Number of rows that hold NaN because an input was not admissible. */
  readonly badCount: number;
  /** Their indices, ascending. */
  readonly badRows: readonly number[];
}
