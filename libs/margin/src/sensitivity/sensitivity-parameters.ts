/** Name of the bucket whose members correlate with nothing. */
export const residualBucket = 'Residual';

/** Parameter set of the Greeks-based methodology, supplied by the operator (methodology §4.1). */
export interface SensitivityParameters {
  /** Margin period of risk [calendar days]: 14 for ten trading days, 1.4 for one. */
  readonly horizonDays: number;
  /** Bucket names in the order of the correlation matrix, the residual bucket last. */
  readonly buckets: readonly string[];
  /** Loss weight of a delta by bucket [per cent]. */
  readonly riskWeights: Readonly<Record<string, number>>;
  readonly vegaRiskWeights: Readonly<Record<string, number>>;
  readonly historicalVolatilityRatio: number;
  /** Correlation of two names inside a bucket; absent for the residual bucket, which has none. */
  readonly intraBucketCorrelations: Readonly<Record<string, number>>;
  /** Correlation of two different buckets, in the order of `buckets`; the diagonal is not read. */
  readonly bucketCorrelations: readonly (readonly (number | null)[])[];
  /** Sensitivity above which concentration counts, by bucket [USD]; null = no concentration charge. */
  readonly concentrationThresholds: {
    readonly delta: Readonly<Record<string, number>>;
    readonly vega: Readonly<Record<string, number>>;
  } | null;
  /** Buckets without a curvature charge (volatility indices). */
  readonly curvatureExcludedBuckets: readonly string[];
  /** What Risk_EquityVol computed from positions holds: vega per volatility point, or that times the volatility in points. */
  readonly vegaInput: 'vega' | 'vega-times-volatility';
}

/** Correlation of two different buckets, 0 where one is residual. */
export function bucketCorrelation(parameters: SensitivityParameters, first: string, second: string): number {
  const row = parameters.bucketCorrelations[parameters.buckets.indexOf(first)];
  return row?.[parameters.buckets.indexOf(second)] ?? 0;
}
