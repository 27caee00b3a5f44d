import { combineBuckets, type BucketRisk } from './bucket-aggregation';
import { residualBucket } from './sensitivity-parameters';

/** Charge of one risk measure (delta, vega or curvature) in one product class. */
export interface SensitivityCharge {
  /** Charge [USD], ≥ 0, the residual bucket included. */
  readonly total: number;
  /** Charge of each bucket held alone [USD], ≥ 0, the residual bucket last. */
  readonly buckets: readonly { readonly bucket: string; readonly amount: number }[];
}

/**
 * Adds up delta or vega: the correlated buckets together, the residual bucket on top (methodology §4.2).
 *
 * @param correlationOf  γ of two different buckets
 */
export function chargeOfBuckets(
  buckets: readonly BucketRisk[],
  correlationOf: (first: string, second: string) => number,
): SensitivityCharge {
  const correlated = buckets.filter((bucket) => bucket.bucket !== residualBucket);
  const residual = buckets.find((bucket) => bucket.bucket === residualBucket)?.risk ?? 0;
  return {
    total: combineBuckets(correlated, correlationOf) + residual,
    buckets: buckets.map(({ bucket, risk }) => ({ bucket, amount: risk })),
  };
}
