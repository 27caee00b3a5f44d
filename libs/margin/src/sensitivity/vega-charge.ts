import { inverseNormalCdf } from '@ballast/pricing';
import { aggregateBucket, type WeightedSensitivity } from './bucket-aggregation';
import { concentrationFactor } from './delta-charge';
import type { NetSensitivity, ProductClassSensitivities } from './net-sensitivities';
import { chargeOfBuckets, type SensitivityCharge } from './sensitivity-charge';
import { bucketCorrelation, type SensitivityParameters } from './sensitivity-parameters';

/**
 * Computes the annual volatility a risk weight stands for: RW · √(365 / horizonDays) / Φ⁻¹(0.99) [per cent].
 *
 * The risk weight is read as a 99 % move over the horizon (methodology §4.3).
 */
export function impliedVolatilityOfWeight(riskWeight: number, horizonDays: number): number {
  return (riskWeight * Math.sqrt(365 / horizonDays)) / inverseNormalCdf(0.99);
}

/**
 * Computes the vega charge of one product class: VR_k = HVR · σ · Σ_tenor vega, WS_k = VRW · VR_k · CR_k with the
 * concentration threshold on VR_k, then bucket by bucket like delta (methodology §4.3).
 *
 * @returns the charge [USD], ≥ 0
 */
export function computeVegaCharge(
  sensitivities: ProductClassSensitivities,
  parameters: SensitivityParameters,
): SensitivityCharge {
  const buckets = sensitivities.buckets.map(({ bucket, names }) => ({
    bucket,
    correlation: parameters.intraBucketCorrelations[bucket] ?? 0,
    members: names.filter((name) => name.vegas.length > 0).map((name) => weightVega(name, bucket, parameters)),
  }));
  return chargeOfBuckets(buckets.filter((bucket) => bucket.members.length > 0).map(aggregateBucket), (first, second) =>
    bucketCorrelation(parameters, first, second),
  );
}

function weightVega(name: NetSensitivity, bucket: string, parameters: SensitivityParameters): WeightedSensitivity {
  const volatility = impliedVolatilityOfWeight(parameters.riskWeights[bucket] as number, parameters.horizonDays);
  const vega = name.vegas.reduce((sum, { amount }) => sum + amount, 0);
  const vegaRisk = parameters.historicalVolatilityRatio * volatility * vega;
  const concentration = concentrationFactor(vegaRisk, parameters.concentrationThresholds?.vega[bucket]);
  const weighted = (parameters.vegaRiskWeights[bucket] as number) * vegaRisk * concentration;
  return { qualifier: name.qualifier, weighted, concentration };
}
