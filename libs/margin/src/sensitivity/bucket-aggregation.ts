/** One weighted sensitivity inside a bucket. */
export interface WeightedSensitivity {
  readonly qualifier: string;
  /** Risk weight × sensitivity × concentration [USD], signed. */
  readonly weighted: number;
  /** Concentration risk factor, ≥ 1; 1 where none applies. */
  readonly concentration: number;
}

/** The weighted sensitivities of one bucket with the correlation of two different names in it. */
export interface RiskBucket {
  readonly bucket: string;
  /** Correlation of two names inside the bucket, 0…1 (0 in the residual bucket). */
  readonly correlation: number;
  readonly members: readonly WeightedSensitivity[];
}

/** A bucket after aggregation. */
export interface BucketRisk {
  readonly bucket: string;
  /** K_b [USD], ≥ 0: the charge of the bucket on its own. */
  readonly risk: number;
  /** S_b = Σ WS held within ±K_b [USD]: what meets the other buckets. */
  readonly net: number;
}

/**
 * Computes the charge of one bucket: K² = Σ WS² + ΣΣ_{k≠l} ρ · (min CR / max CR) · WS_k · WS_l (methodology §4.2).
 *
 * @returns K ≥ 0 and S = clamp(Σ WS, −K, K), both in the currency of the sensitivities
 */
export function aggregateBucket(bucket: RiskBucket): BucketRisk {
  let squares = 0;
  let cross = 0;
  let sum = 0;
  bucket.members.forEach((first, index) => {
    squares += first.weighted * first.weighted;
    sum += first.weighted;
    for (const second of bucket.members.slice(index + 1)) {
      const ratio =
        Math.min(first.concentration, second.concentration) / Math.max(first.concentration, second.concentration);
      cross += bucket.correlation * ratio * first.weighted * second.weighted;
    }
  });
  const risk = Math.sqrt(Math.max(0, squares + 2 * cross));
  return { bucket: bucket.bucket, risk, net: Math.min(Math.max(sum, -risk), risk) };
}

/**
 * Combines buckets: √(Σ K_b² + ΣΣ_{b≠c} γ_bc · S_b · S_c), ≥ 0 (methodology §4.2).
 *
 * @param correlationOf  γ of two different buckets, −1…1
 */
export function combineBuckets(
  buckets: readonly BucketRisk[],
  correlationOf: (first: string, second: string) => number,
): number {
  let total = 0;
  buckets.forEach((first, index) => {
    total += first.risk * first.risk;
    for (const second of buckets.slice(index + 1)) {
      total += 2 * correlationOf(first.bucket, second.bucket) * first.net * second.net;
    }
  });
  return Math.sqrt(Math.max(0, total));
}
