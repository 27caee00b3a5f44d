import { inverseNormalCdf } from '@ballast/pricing';
import { aggregateBucket, combineBuckets, type BucketRisk } from './bucket-aggregation';
import type { NetSensitivity, ProductClassSensitivities } from './net-sensitivities';
import type { SensitivityCharge } from './sensitivity-charge';
import { bucketCorrelation, residualBucket, type SensitivityParameters } from './sensitivity-parameters';
import { impliedVolatilityOfWeight } from './vega-charge';

interface CurvatureBucket extends BucketRisk {
  readonly sum: number;
  readonly sumOfMagnitudes: number;
}

/**
 * Computes the curvature charge of one product class from its vegas (methodology §4.4):
 * CVR_k = Σ_tenor ½ · min(1, horizonDays / t) · σ · vega, correlations squared, θ = min(Σ CVR / Σ |CVR|, 0),
 * λ = (Φ⁻¹(0.995)² − 1)(1 + θ) − θ, charge = max(0, Σ CVR + λ · √(Σ K_b² + ΣΣ γ² S_b S_c)); the residual bucket
 * in the same way on its own.
 *
 * @returns the charge [USD], ≥ 0
 */
export function computeCurvatureCharge(
  sensitivities: ProductClassSensitivities,
  parameters: SensitivityParameters,
): SensitivityCharge {
  const buckets = sensitivities.buckets
    .filter(({ bucket }) => !parameters.curvatureExcludedBuckets.includes(bucket))
    .map(({ bucket, names }) => curvatureOfBucket(bucket, names, parameters))
    .filter(({ sumOfMagnitudes }) => sumOfMagnitudes > 0);
  const correlationOf = (first: string, second: string) => bucketCorrelation(parameters, first, second) ** 2;
  const correlated = buckets.filter(({ bucket }) => bucket !== residualBucket);
  const residual = buckets.filter(({ bucket }) => bucket === residualBucket);
  return {
    total: chargeOf(correlated, correlationOf) + chargeOf(residual, correlationOf),
    buckets: buckets.map((bucket) => ({ bucket: bucket.bucket, amount: chargeOf([bucket], correlationOf) })),
  };
}

/** Multiplier of the curvature's spread: λ for the ratio θ of net to gross curvature, θ ≤ 0. */
export function curvatureMultiplier(theta: number): number {
  return (inverseNormalCdf(0.995) ** 2 - 1) * (1 + theta) - theta;
}

function chargeOf(
  buckets: readonly CurvatureBucket[],
  correlationOf: (first: string, second: string) => number,
): number {
  if (buckets.length === 0) return 0;
  const sum = buckets.reduce((total, bucket) => total + bucket.sum, 0);
  const gross = buckets.reduce((total, bucket) => total + bucket.sumOfMagnitudes, 0);
  const theta = Math.min(sum / gross, 0);
  return Math.max(0, sum + curvatureMultiplier(theta) * combineBuckets(buckets, correlationOf));
}

function curvatureOfBucket(
  bucket: string,
  names: readonly NetSensitivity[],
  parameters: SensitivityParameters,
): CurvatureBucket {
  const volatility = impliedVolatilityOfWeight(parameters.riskWeights[bucket] as number, parameters.horizonDays);
  const members = names.map((name) => {
    const weighted = name.vegas.reduce(
      (sum, { days, amount }) => sum + 0.5 * Math.min(1, parameters.horizonDays / days) * volatility * amount,
      0,
    );
    return { qualifier: name.qualifier, weighted, concentration: 1 };
  });
  const correlation = (parameters.intraBucketCorrelations[bucket] ?? 0) ** 2;
  return {
    ...aggregateBucket({ bucket, correlation, members }),
    sum: members.reduce((total, member) => total + member.weighted, 0),
    sumOfMagnitudes: members.reduce((total, member) => total + Math.abs(member.weighted), 0),
  };
}
