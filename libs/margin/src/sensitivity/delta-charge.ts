import { aggregateBucket, type WeightedSensitivity } from './bucket-aggregation';
import type { NetSensitivity, ProductClassSensitivities } from './net-sensitivities';
import { chargeOfBuckets, type SensitivityCharge } from './sensitivity-charge';
import { bucketCorrelation, type SensitivityParameters } from './sensitivity-parameters';

/**
 * Computes how far one sensitivity exceeds what the market absorbs: max(1, √(|sensitivity| / threshold)).
 *
 * @example
 * concentrationFactor(12_000_000, 10_000_000) // 1.0954451150103321
 */
export function concentrationFactor(sensitivity: number, threshold: number | undefined): number {
  return threshold === undefined ? 1 : Math.max(1, Math.sqrt(Math.abs(sensitivity) / threshold));
}

/**
 * Computes the delta charge of one product class: WS_k = RW · s_k · CR_k, then bucket by bucket (methodology §4.2).
 *
 * @returns the charge [USD], ≥ 0
 *
 * @example
 * // 6,000,000 USD per % in bucket 1 of the ten-day set: 26 · 6,000,000 = 156,000,000
 */
export function computeDeltaCharge(
  sensitivities: ProductClassSensitivities,
  parameters: SensitivityParameters,
): SensitivityCharge {
  const buckets = sensitivities.buckets.map(({ bucket, names }) => ({
    bucket,
    correlation: parameters.intraBucketCorrelations[bucket] ?? 0,
    members: names.filter((name) => name.delta !== 0).map((name) => weightDelta(name, bucket, parameters)),
  }));
  return chargeOfBuckets(buckets.filter((bucket) => bucket.members.length > 0).map(aggregateBucket), (first, second) =>
    bucketCorrelation(parameters, first, second),
  );
}

function weightDelta(name: NetSensitivity, bucket: string, parameters: SensitivityParameters): WeightedSensitivity {
  const concentration = concentrationFactor(name.delta, parameters.concentrationThresholds?.delta[bucket]);
  const weighted = (parameters.riskWeights[bucket] as number) * name.delta * concentration;
  return { qualifier: name.qualifier, weighted, concentration };
}
