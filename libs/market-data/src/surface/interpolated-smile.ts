import { DomainError } from '@ballast/domain';
import type { VariancePoint } from './svi';

/** Nodes of an interpolated slice, in rising log-moneyness. */
export interface SmileNode {
  readonly k: number;
  readonly variance: number;
  /** dw/dk at the node. */
  readonly slope: number;
}

/**
 * Prepares shape-preserving cubic interpolation of total variance in log-moneyness (Fritsch and Carlson 1980, slopes of
 * Fritsch and Butland 1984): between two quotes the curve stays between their values, so no dip or bump is invented.
 *
 * @param points  at least one; equal k are averaged
 * @throws DomainError 'INVALID_MARKET_DATA' without a point
 */
export function smileNodes(points: readonly { readonly k: number; readonly variance: number }[]): readonly SmileNode[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { k, variance } of points) {
    const entry = sums.get(k) ?? { sum: 0, count: 0 };
    sums.set(k, { sum: entry.sum + variance, count: entry.count + 1 });
  }
  const knots = [...sums]
    .map(([k, { sum, count }]) => ({ k, variance: sum / count }))
    .sort((left, right) => left.k - right.k);
  if (knots.length === 0)
    throw new DomainError('INVALID_MARKET_DATA', 'a smile without a point cannot be interpolated');
  return knots.map((knot, index) => ({ ...knot, slope: slopeAt(knots, index) }));
}

/** Evaluates the interpolated total variance; beyond the outer nodes it stays level, so volatility is flat there. */
export function interpolatedVariance(nodes: readonly SmileNode[], k: number): VariancePoint {
  const first = nodes[0] as SmileNode;
  const last = nodes[nodes.length - 1] as SmileNode;
  if (k <= first.k) return { variance: first.variance, slope: 0, curvature: 0 };
  if (k >= last.k) return { variance: last.variance, slope: 0, curvature: 0 };
  let low = 0;
  let high = nodes.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((nodes[middle] as SmileNode).k <= k) low = middle;
    else high = middle;
  }
  const left = nodes[low] as SmileNode;
  const right = nodes[high] as SmileNode;
  const width = right.k - left.k;
  const t = (k - left.k) / width;
  const rise = (right.variance - left.variance) / width;
  const c = 3 * rise - 2 * left.slope - right.slope;
  const d = left.slope + right.slope - 2 * rise;
  return {
    variance: left.variance + width * t * (left.slope + t * (c + t * d)),
    slope: left.slope + t * (2 * c + 3 * t * d),
    curvature: (2 * c + 6 * t * d) / width,
  };
}

function slopeAt(knots: readonly { readonly k: number; readonly variance: number }[], index: number): number {
  const [before, here, after] = [knots[index - 1], knots[index], knots[index + 1]];
  if (here === undefined || before === undefined || after === undefined) return 0;
  const leftWidth = here.k - before.k;
  const rightWidth = after.k - here.k;
  const leftRise = (here.variance - before.variance) / leftWidth;
  const rightRise = (after.variance - here.variance) / rightWidth;
  if (!(leftRise * rightRise > 0)) return 0;
  const leftShare = (leftWidth + 2 * rightWidth) / (3 * (leftWidth + rightWidth));
  return (leftRise * rightRise) / (leftShare * rightRise + (1 - leftShare) * leftRise);
}
