import { DomainError, type Instant } from '@ballast/domain';
import { override, parameterError, readChoice, readList, readNumber, readObject, readText } from '../parameter-reader';
import { isPositiveSemiDefinite } from './correlation-matrix';
import { residualBucket, type SensitivityParameters } from './sensitivity-parameters';

const required = [
  'riskWeights',
  'vegaRiskWeights',
  'historicalVolatilityRatio',
  'intraBucketCorrelations',
  'bucketCorrelations',
  'concentrationThresholds',
  'horizonDays',
];
const optional = ['vegaInput', 'curvatureExcludedBuckets'];
const path = 'parameters';

/**
 * Reads the operator's parameter file (keys: methodology §4.1). There is no published default: without a file, or with a
 * part of it, the methodology answers that parameters are missing rather than guess.
 *
 * @throws DomainError 'PARAMETERS_MISSING' naming the first absent key
 * @throws DomainError 'INVALID_PARAMETER' for an unknown key, a value out of range, or correlations that are not symmetric
 *         or not positive semi-definite
 */
export function parseSensitivityParameters(overrides: unknown, _asOf: Instant): SensitivityParameters {
  const given = readObject(overrides ?? {}, path, [...required, ...optional]);
  for (const key of required) {
    if (given[key] === undefined) {
      const message = `${path}.${key}: SENSITIVITY takes its parameters from the operator's file, and this key is absent`;
      throw new DomainError('PARAMETERS_MISSING', message, `${path}.${key}`);
    }
  }
  const riskWeights = readWeights(given['riskWeights'], `${path}.riskWeights`, null);
  const named = Object.keys(riskWeights).filter((bucket) => bucket !== residualBucket);
  const buckets = [...named, residualBucket];
  if (riskWeights[residualBucket] === undefined) {
    throw parameterError(`${path}.riskWeights`, `expected a bucket named ${residualBucket}`, Object.keys(riskWeights));
  }
  return {
    horizonDays: readNumber(given['horizonDays'], `${path}.horizonDays`, { exclusiveMinimum: 0 }),
    buckets,
    riskWeights,
    vegaRiskWeights: readWeights(given['vegaRiskWeights'], `${path}.vegaRiskWeights`, buckets),
    historicalVolatilityRatio: readNumber(given['historicalVolatilityRatio'], `${path}.historicalVolatilityRatio`, {
      minimum: 0,
    }),
    intraBucketCorrelations: readIntraBucket(given['intraBucketCorrelations'], named),
    bucketCorrelations: readBucketCorrelations(given['bucketCorrelations'], named.length),
    concentrationThresholds: readThresholds(given['concentrationThresholds'], buckets),
    curvatureExcludedBuckets: override(given, 'curvatureExcludedBuckets', path, ['12'], (value, at) =>
      readList(value, at, (bucket, itemPath) => readText(bucket, itemPath)),
    ),
    vegaInput: override(given, 'vegaInput', path, 'vega', (value, at) =>
      readChoice(value, at, ['vega', 'vega-times-volatility'] as const),
    ),
  };
}

/** Positive numbers by bucket; where the buckets are known, exactly these. */
function readWeights(value: unknown, at: string, buckets: readonly string[] | null): Readonly<Record<string, number>> {
  const given = readObject(value, at, buckets ?? undefined);
  for (const bucket of buckets ?? []) {
    if (given[bucket] === undefined) throw parameterError(`${at}.${bucket}`, 'expected a number', undefined);
  }
  const weights = Object.entries(given).map(([bucket, weight]) => [
    bucket,
    readNumber(weight, `${at}.${bucket}`, { exclusiveMinimum: 0 }),
  ]);
  return Object.fromEntries(weights) as Readonly<Record<string, number>>;
}

/** One correlation ρ for every pair of names is positive semi-definite for any number of names only when 0 ≤ ρ ≤ 1. */
function readIntraBucket(value: unknown, buckets: readonly string[]): Readonly<Record<string, number>> {
  const at = `${path}.intraBucketCorrelations`;
  const given = readObject(value, at, [...buckets, residualBucket]);
  const correlations = buckets.map((bucket) => {
    const correlation = readNumber(given[bucket], `${at}.${bucket}`, { maximum: 1 });
    if (correlation < 0) {
      throw parameterError(
        `${at}.${bucket}`,
        'below 0 the correlation matrix is not positive semi-definite',
        correlation,
      );
    }
    return [bucket, correlation];
  });
  const residual = given[residualBucket] ?? 0;
  if (residual !== 0)
    throw parameterError(`${at}.${residualBucket}`, 'names of the residual bucket do not correlate', residual);
  return Object.fromEntries(correlations) as Readonly<Record<string, number>>;
}

function readBucketCorrelations(value: unknown, size: number): readonly (readonly (number | null)[])[] {
  const at = `${path}.bucketCorrelations`;
  const rows = readList(value, at, (row, rowPath) => {
    const cells = readList(row, rowPath, (cell) => cell);
    if (cells.length !== size)
      throw parameterError(rowPath, `expected ${size} correlations, one per bucket`, cells.length);
    return cells;
  });
  if (rows.length !== size) throw parameterError(at, `expected ${size} rows, one per bucket`, rows.length);
  const matrix = rows.map((cells, row) =>
    cells.map((cell, column) =>
      row === column ? 1 : readNumber(cell, `${at}[${row}][${column}]`, { minimum: -1, maximum: 1 }),
    ),
  );
  matrix.forEach((cells, row) =>
    cells.forEach((cell, column) => {
      const mirrored = matrix[column]?.[row];
      if (cell !== mirrored) {
        throw parameterError(`${at}[${row}][${column}]`, `expected the same as [${column}][${row}], ${mirrored}`, cell);
      }
    }),
  );
  if (!isPositiveSemiDefinite(matrix)) {
    throw new DomainError('INVALID_PARAMETER', `${at}: the matrix is not positive semi-definite`, at);
  }
  return matrix;
}

function readThresholds(value: unknown, buckets: readonly string[]): SensitivityParameters['concentrationThresholds'] {
  if (value === null) return null;
  const at = `${path}.concentrationThresholds`;
  const given = readObject(value, at, ['delta', 'vega']);
  return {
    delta: readWeights(given['delta'], `${at}.delta`, buckets),
    vega: readWeights(given['vega'], `${at}.vega`, buckets),
  };
}
