import type { Sensitivity } from '../portfolio';
import { computeCurvatureCharge } from './curvature-charge';
import { computeDeltaCharge } from './delta-charge';
import { netSensitivities, type ProductClassSensitivities } from './net-sensitivities';
import type { SensitivityCharge } from './sensitivity-charge';
import type { SensitivityParameters } from './sensitivity-parameters';
import { computeVegaCharge } from './vega-charge';

/** Charges of one product class [USD]. */
export interface ProductClassRisk {
  readonly productClass: string;
  readonly delta: SensitivityCharge;
  readonly vega: SensitivityCharge;
  readonly curvature: SensitivityCharge;
  /** delta + vega + curvature */
  readonly total: number;
}

/**
 * Computes the requirement of sensitivities: Σ product classes of delta + vega + curvature (methodology §4.2–4.4).
 *
 * @returns classes sorted by name, and their sum [USD], ≥ 0
 *
 * @example
 * // 6,000,000 USD per % in bucket 1 of the ten-day set: total 156,000,000
 */
export function computeSensitivityRisk(
  sensitivities: readonly Sensitivity[],
  parameters: SensitivityParameters,
): { readonly classes: readonly ProductClassRisk[]; readonly total: number } {
  return computeNetRisk(netSensitivities(sensitivities, parameters.buckets), parameters);
}

/** Computes the requirement of sensitivities that are netted already. */
export function computeNetRisk(
  net: readonly ProductClassSensitivities[],
  parameters: SensitivityParameters,
): { readonly classes: readonly ProductClassRisk[]; readonly total: number } {
  const classes = net.map((own) => {
    const delta = computeDeltaCharge(own, parameters);
    const vega = computeVegaCharge(own, parameters);
    const curvature = computeCurvatureCharge(own, parameters);
    return {
      productClass: own.productClass,
      delta,
      vega,
      curvature,
      total: delta.total + vega.total + curvature.total,
    };
  });
  return { classes, total: classes.reduce((sum, { total }) => sum + total, 0) };
}
