import { DomainError, describeValue } from '@ballast/domain';
import type { Sensitivity } from '../portfolio';
import { tenorDays } from './sensitivity-tenor';

/** Everything one name contributes inside one bucket and product class. */
export interface NetSensitivity {
  readonly qualifier: string;
  /** Change of value for a price rise of 1 % [USD]. */
  readonly delta: number;
  /** Change of value per volatility point by tenor, shortest first [USD]. */
  readonly vegas: readonly { readonly days: number; readonly amount: number }[];
}

/** The names of one bucket, sorted by qualifier. */
export interface NetBucket {
  readonly bucket: string;
  readonly names: readonly NetSensitivity[];
}

/** The buckets of one product class, in the order of the parameter set. */
export interface ProductClassSensitivities {
  readonly productClass: string;
  readonly buckets: readonly NetBucket[];
}

/**
 * Nets sensitivities per product class, bucket, name and tenor.
 *
 * The result does not depend on the order of the rows: amounts of one cell are sorted before they are added, and
 * classes and names are listed by code unit.
 *
 * @param buckets  bucket names of the parameter set in their order
 * @throws DomainError 'INVALID_PARAMETER' for an unknown bucket, an unreadable tenor or an amount that is not finite
 */
export function netSensitivities(
  sensitivities: readonly Sensitivity[],
  buckets: readonly string[],
): readonly ProductClassSensitivities[] {
  const cells = new Map<string, Map<string, Map<string, Map<string, number[]>>>>();
  sensitivities.forEach((sensitivity, index) => {
    requireReadable(sensitivity, buckets, index);
    const tenor = sensitivity.riskType === 'Risk_Equity' ? '' : sensitivity.tenor.toLowerCase();
    const byBucket = childOf(cells, sensitivity.productClass, () => new Map());
    const byName = childOf(byBucket, sensitivity.bucket, () => new Map());
    const byTenor = childOf(byName, sensitivity.qualifier, () => new Map());
    childOf(byTenor, tenor, () => []).push(sensitivity.amountUsd);
  });
  return sortedKeys(cells).map((productClass) => ({
    productClass,
    buckets: buckets.flatMap((bucket) => {
      const byName = cells.get(productClass)?.get(bucket);
      return byName === undefined ? [] : [{ bucket, names: sortedKeys(byName).map((name) => toNet(name, byName)) }];
    }),
  }));
}

function toNet(qualifier: string, byName: ReadonlyMap<string, Map<string, number[]>>): NetSensitivity {
  const byTenor = byName.get(qualifier) as Map<string, number[]>;
  const vegas = [...byTenor]
    .filter(([tenor]) => tenor !== '')
    .map(([tenor, amounts]) => ({ days: tenorDays(tenor), amount: sumSorted(amounts) }));
  return { qualifier, delta: sumSorted(byTenor.get('') ?? []), vegas: vegas.sort((a, b) => a.days - b.days) };
}

function requireReadable(sensitivity: Sensitivity, buckets: readonly string[], index: number): void {
  const field = `sensitivities[${index}]`;
  if (!buckets.includes(sensitivity.bucket)) {
    const message = `${field}.bucket: ${describeValue(sensitivity.bucket)} is no bucket of the parameter set`;
    throw new DomainError('INVALID_PARAMETER', message, `${field}.bucket`);
  }
  if (!Number.isFinite(sensitivity.amountUsd)) {
    const message = `${field}.amountUSD: expected a finite number, got ${describeValue(sensitivity.amountUsd)}`;
    throw new DomainError('INVALID_PARAMETER', message, `${field}.amountUSD`);
  }
  if (sensitivity.riskType === 'Risk_EquityVol') tenorDays(sensitivity.tenor, `${field}.tenor`);
}

function sumSorted(amounts: readonly number[]): number {
  return [...amounts].sort((a, b) => a - b).reduce((sum, amount) => sum + amount, 0);
}

function sortedKeys(map: ReadonlyMap<string, unknown>): readonly string[] {
  return [...map.keys()].sort();
}

function childOf<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const present = map.get(key);
  if (present !== undefined) return present;
  const created = create();
  map.set(key, created);
  return created;
}
