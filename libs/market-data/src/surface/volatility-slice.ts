import type { Instant } from '@ballast/domain';
import { fitSvi, type SmilePoint } from './fit-svi';
import { interpolatedVariance, type SmileNode, smileNodes } from './interpolated-smile';
import { repairSvi, worstDensityFactor } from './repair-svi';
import { densityFactor, type SviParameters, sviVariance, type VariancePoint } from './svi';

/** The smile of one expiry: total variance as a function of log-moneyness. */
export interface VolatilitySlice {
  readonly expiry: Instant;
  /** ACT/365F, > 0. */
  readonly yearsToExpiry: number;
  /** [quote currency per unit] > 0 */
  readonly forward: number;
  /** svi: a fitted curve; interpolated: through the quotes themselves. */
  readonly curve:
    | { readonly kind: 'svi'; readonly parameters: SviParameters; readonly repaired: boolean }
    | { readonly kind: 'interpolated'; readonly nodes: readonly SmileNode[] };
  /** Quoted range of log-moneyness. */
  readonly kMinimum: number;
  readonly kMaximum: number;
  readonly pointCount: number;
  /** Strikes without a say because they stood far off the curve. */
  readonly leftOut: number;
  /** Root mean square difference to the quotes [1/√year]; 0 when interpolated. */
  readonly volatilityError: number;
  /** Smallest Durrleman factor on the checked range and where; negative = butterfly arbitrage. */
  readonly butterfly: { readonly k: number; readonly factor: number };
}

/** Above this the curve misses the quotes and is not used [1/√year]. */
const volatilityErrorMaximum = 0.02;
const gridSize = 121;

/** Evaluates total variance and its derivatives at a log-moneyness. */
export function sliceVariance(slice: Pick<VolatilitySlice, 'curve'>, k: number): VariancePoint {
  return slice.curve.kind === 'svi'
    ? sviVariance(slice.curve.parameters, k)
    : interpolatedVariance(slice.curve.nodes, k);
}

/**
 * Builds the smile of one expiry: SVI where at least five strikes are quoted, the fit is within two points of
 * volatility and butterfly arbitrage is absent or can be repaired within that error; interpolation through the quotes
 * otherwise.
 *
 * The fit is repeated with Tukey's biweight until it settles, so that single quotes far off their neighbours lose their say.
 *
 * @param points  at least one, in rising order of k; variance > 0
 */
export function buildSlice(
  terms: Pick<VolatilitySlice, 'expiry' | 'yearsToExpiry' | 'forward'>,
  points: readonly SmilePoint[],
): VolatilitySlice {
  const ks = points.map(({ k }) => k);
  const range = { kMinimum: Math.min(...ks), kMaximum: Math.max(...ks), pointCount: points.length };
  const grid = checkedGrid(range);
  const fit = fitRobustly(points, terms.yearsToExpiry);
  const repaired = fit === null ? null : repairSvi(fit.parameters, grid);
  if (fit !== null && repaired !== null) {
    const curve = { kind: 'svi', parameters: repaired, repaired: repaired !== fit.parameters } as const;
    const volatilityError = errorOf({ curve }, fit.points, terms.yearsToExpiry);
    if (volatilityError <= volatilityErrorMaximum) {
      const leftOut = points.length - fit.points.length;
      return { ...terms, ...range, leftOut, curve, volatilityError, butterfly: worstDensityFactor(repaired, grid) };
    }
  }
  const curve = { kind: 'interpolated', nodes: smileNodes(points) } as const;
  return { ...terms, ...range, leftOut: 0, curve, volatilityError: 0, butterfly: worstFactor({ curve }, grid) };
}

interface RobustFit {
  readonly parameters: SviParameters;
  /** The points that kept a say. */
  readonly points: readonly SmilePoint[];
}

function fitRobustly(points: readonly SmilePoint[], years: number): RobustFit | null {
  let fit = fitSvi(points);
  let says = points.map(() => 1);
  for (let round = 0; round < robustRounds && fit !== null; round += 1) {
    const next = saysUnder(fit.parameters, points, years);
    const change = Math.max(...next.map((say, index) => Math.abs(say - (says[index] as number))));
    if (change < sayTolerance) break;
    says = next;
    const weighted = points.map((point, index) => ({ ...point, weight: point.weight * (says[index] as number) }));
    fit = fitSvi(weighted.filter(({ weight }) => weight > 0)) ?? fit;
  }
  const kept = points.filter((_, index) => (says[index] as number) > 0);
  const isMajority = kept.length >= Math.max(fitPointsMinimum, keptShareMinimum * points.length);
  return fit === null || !isMajority ? null : { parameters: fit.parameters, points: kept };
}

/** Tukey's biweight of the misses in volatility, scaled by their median. */
function saysUnder(parameters: SviParameters, points: readonly SmilePoint[], years: number): number[] {
  const misses = points.map(({ k, variance }) => {
    const model = Math.sqrt(Math.max(0, sviVariance(parameters, k).variance) / years);
    return Math.abs(model - Math.sqrt(variance / years));
  });
  const reach = 4.685 * Math.max(missFloor, 1.4826 * median(misses));
  return misses.map((miss) => (miss < reach ? (1 - (miss / reach) ** 2) ** 2 : 0));
}

const robustRounds = 8;
/** A curve that only a minority of the strikes supports is not the smile. */
const keptShareMinimum = 0.6;
/** With fewer strikes there is nothing to fit. */
export const fitPointsMinimum = 5;
/** Says that change less than this change the curve less than its error. */
const sayTolerance = 0.2;
/** Misses of a point of volatility are no reason to doubt a quote [1/√year]. */
const missFloor = 0.01;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1] as number;
}

/** The quoted range, a tenth wider on both sides, evenly divided. */
export function checkedGrid(range: { readonly kMinimum: number; readonly kMaximum: number }): number[] {
  const margin = 0.1 * Math.max(range.kMaximum - range.kMinimum, 0.1);
  const from = range.kMinimum - margin;
  const width = range.kMaximum + margin - from;
  return Array.from({ length: gridSize }, (_, index) => from + (width * index) / (gridSize - 1));
}

function errorOf(slice: Pick<VolatilitySlice, 'curve'>, points: readonly SmilePoint[], years: number): number {
  let sum = 0;
  let weights = 0;
  for (const { k, variance, weight } of points) {
    const model = Math.sqrt(Math.max(0, sliceVariance(slice, k).variance) / years);
    const difference = model - Math.sqrt(variance / years);
    sum += weight * difference * difference;
    weights += weight;
  }
  return Math.sqrt(sum / weights);
}

/** At the nodes of an interpolated curve the second derivative jumps; the grid may miss a kink but not a region. */
function worstFactor(slice: Pick<VolatilitySlice, 'curve'>, grid: readonly number[]): { k: number; factor: number } {
  let worst = { k: 0, factor: Number.POSITIVE_INFINITY };
  for (const k of grid) {
    const factor = densityFactor(k, sliceVariance(slice, k));
    if (factor < worst.factor) worst = { k, factor };
  }
  return worst;
}
