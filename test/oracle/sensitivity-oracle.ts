/**
 * Independent requirement of the Greeks-based methodology: one full correlation matrix per risk measure instead of nested
 * buckets, Φ⁻¹ by bisection. Shares no code with libs/.
 */
import { forwardOfHeld, heldContracts, type PortfolioDocument } from './portfolio-document';
import { oracleBlack, oracleInverseNormal, oracleYears } from './lognormal-oracle';

interface OracleSensitivity {
  readonly productClass: string;
  readonly kind: 'delta' | 'vega';
  readonly name: string;
  readonly bucket: string;
  readonly days: number;
  readonly amount: number;
}

interface Factor {
  readonly bucket: string;
  readonly weighted: number;
  readonly concentration: number;
}

const gridDays: readonly (readonly [string, number])[] = [
  ['2w', 14], ['1m', 365 / 12], ['3m', 365 / 4], ['6m', 365 / 2], ['1y', 365], ['2y', 730], ['3y', 1095], ['5y', 1825],
  ['10y', 3650], ['15y', 5475], ['20y', 7300], ['30y', 10950],
]; // prettier-ignore

/** Requirement in USD with its parts summed over the product classes. */
export function sensitivityOracle(document: PortfolioDocument) {
  const rows = document.sensitivities === undefined ? fromPositions(document) : fromRows(document);
  const parts = { delta: 0, vega: 0, curvature: 0 };
  for (const productClass of new Set(rows.map((row) => row.productClass))) {
    const own = rows.filter((row) => row.productClass === productClass);
    parts.delta += measure(deltaFactors(own, document.parameters), document.parameters);
    parts.vega += measure(vegaFactors(own, document.parameters), document.parameters);
    parts.curvature += curvature(own, document.parameters);
  }
  return { ...parts, total: parts.delta + parts.vega + parts.curvature };
}

function fromRows(document: PortfolioDocument): readonly OracleSensitivity[] {
  return (document.sensitivities ?? []).map((row) => ({
    productClass: row.productClass,
    kind: row.riskType === 'Risk_Equity' ? 'delta' : 'vega',
    name: row.qualifier,
    bucket: row.bucket,
    days: gridDays.find(([tenor]) => tenor === row.tenor)?.[1] ?? 0,
    amount: row.amountUSD,
  }));
}

/** European options only: Black-Scholes Greeks in closed form. */
function fromPositions(document: PortfolioDocument): readonly OracleSensitivity[] {
  return heldContracts(document).flatMap((held) => {
    const { instrument, underlying, multiplier, quantity } = held;
    const spot = Number(underlying.price);
    const base = {
      productClass: 'Equity',
      name: underlying.qualifier ?? underlying.id,
      bucket: underlying.sensitivityBucket ?? 'Residual',
    };
    if (instrument.type !== 'option') {
      const price = instrument.type === 'future' ? Number(instrument.price) : spot;
      return [{ ...base, kind: 'delta' as const, days: 0, amount: 0.01 * price * quantity * multiplier }];
    }
    const years = oracleYears(document.asOf, instrument.expiry ?? '');
    const forward = forwardOfHeld(held, years);
    const volatility = instrument.volatility as number;
    const discount = Math.exp(-(underlying.rate ?? 0) * years);
    const option = { right: instrument.right ?? 'call', forward, strike: Number(instrument.strike), years, volatility };
    const { delta, vega } = oracleBlack(option);
    const spotDelta = (discount * delta * forward) / spot;
    const points = document.parameters?.vegaInput === 'vega-times-volatility' ? 100 * volatility : 1;
    const amount = (discount * vega * quantity * multiplier * points) / 100;
    return [
      { ...base, kind: 'delta' as const, days: 0, amount: 0.01 * spot * spotDelta * quantity * multiplier },
      ...split(years * 365).map(([days, share]) => ({ ...base, kind: 'vega' as const, days, amount: amount * share })),
    ];
  });
}

function split(days: number): readonly (readonly [number, number])[] {
  const grid = gridDays.map(([, value]) => value);
  const first = grid[0] as number;
  const last = grid[grid.length - 1] as number;
  if (days <= first) return [[first, 1]];
  if (days >= last) return [[last, 1]];
  const upper = grid.findIndex((value) => value >= days);
  const [near, far] = [grid[upper - 1] as number, grid[upper] as number];
  return [
    [near, (far - days) / (far - near)],
    [far, (days - near) / (far - near)],
  ];
}

function cells(rows: readonly OracleSensitivity[], kind: 'delta' | 'vega') {
  const sums = new Map<string, { name: string; bucket: string; rows: OracleSensitivity[]; total: number }>();
  for (const row of rows.filter((item) => item.kind === kind)) {
    const key = `${row.bucket}|${row.name}`;
    const cell = sums.get(key) ?? { name: row.name, bucket: row.bucket, rows: [], total: 0 };
    cell.rows.push(row);
    cell.total += row.amount;
    sums.set(key, cell);
  }
  return [...sums.values()];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function deltaFactors(rows: readonly OracleSensitivity[], p: any): readonly Factor[] {
  return cells(rows, 'delta').map(({ bucket, total }) => {
    const threshold = p.concentrationThresholds?.delta[bucket] ?? Infinity;
    const concentration = Math.max(1, Math.sqrt(Math.abs(total) / threshold));
    return { bucket, concentration, weighted: p.riskWeights[bucket] * total * concentration };
  });
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function sigma(bucket: string, p: any): number {
  return (p.riskWeights[bucket] * Math.sqrt(365 / p.horizonDays)) / oracleInverseNormal(0.99);
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function vegaFactors(rows: readonly OracleSensitivity[], p: any): readonly Factor[] {
  return cells(rows, 'vega').map(({ bucket, total }) => {
    const risk = p.historicalVolatilityRatio * sigma(bucket, p) * total;
    const threshold = p.concentrationThresholds?.vega[bucket] ?? Infinity;
    const concentration = Math.max(1, Math.sqrt(Math.abs(risk) / threshold));
    return { bucket, concentration, weighted: p.vegaRiskWeights[bucket] * risk * concentration };
  });
}

/** √(Σ K² + ΣΣ γ S S) + K of the residual bucket; K from the full matrix of the bucket's factors. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
function measure(factors: readonly Factor[], p: any, square = false): number {
  const power = (correlation: number) => (square ? correlation * correlation : correlation);
  const buckets = [...new Set(factors.map(({ bucket }) => bucket))].map((bucket) => {
    const own = factors.filter((factor) => factor.bucket === bucket);
    const rho = bucket === 'Residual' ? 0 : power(p.intraBucketCorrelations[bucket]);
    let variance = 0;
    own.forEach((a, i) =>
      own.forEach((b, j) => {
        const ratio = Math.min(a.concentration, b.concentration) / Math.max(a.concentration, b.concentration);
        variance += (i === j ? 1 : rho * ratio) * a.weighted * b.weighted;
      }),
    );
    const k = Math.sqrt(variance);
    const s = Math.max(
      -k,
      Math.min(
        k,
        own.reduce((sum, { weighted }) => sum + weighted, 0),
      ),
    );
    return { bucket, k, s };
  });
  let variance = 0;
  let residual = 0;
  for (const first of buckets) {
    if (first.bucket === 'Residual') residual += first.k;
    else {
      for (const second of buckets) {
        if (second.bucket === 'Residual') continue;
        const gamma = p.bucketCorrelations[Number(first.bucket) - 1]?.[Number(second.bucket) - 1];
        variance += first === second ? first.k ** 2 : power(gamma) * first.s * second.s;
      }
    }
  }
  return Math.sqrt(variance) + residual;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
function curvature(rows: readonly OracleSensitivity[], p: any): number {
  const factors = cells(rows, 'vega')
    .filter(({ bucket }) => bucket !== '12')
    .map(({ bucket, rows: own }) => ({
      bucket,
      concentration: 1,
      weighted: own.reduce(
        (sum, { days, amount }) => sum + (Math.min(1, p.horizonDays / days) / 2) * sigma(bucket, p) * amount,
        0,
      ),
    }));
  const charge = (own: readonly Factor[]) => {
    const sum = own.reduce((total, { weighted }) => total + weighted, 0);
    const gross = own.reduce((total, { weighted }) => total + Math.abs(weighted), 0);
    if (gross === 0) return 0;
    const theta = Math.min(sum / gross, 0);
    const lambda = (oracleInverseNormal(0.995) ** 2 - 1) * (1 + theta) - theta;
    return Math.max(0, sum + lambda * measure(own, p, true));
  };
  const isResidual = ({ bucket }: Factor) => bucket === 'Residual';
  return charge(factors.filter((factor) => !isResidual(factor))) + charge(factors.filter(isResidual));
}
