import type { Instant, QuoteFlag } from '@ballast/domain';

/** What one source says a price is. */
export interface SourcePrice {
  readonly source: string;
  /** [quote currency]; null, 0 and not finite are missing, never a value. */
  readonly price: number | null;
  readonly at: Instant;
}

/** When sources are believed. */
export interface ConsensusLimits {
  /** A price older than this is not used [ms]. */
  readonly ageMaximumMs: number;
  /** A price further from the median than this fraction is not used. */
  readonly deviationMaximum: number;
  /** A consensus of fewer sources is flagged. */
  readonly sourcesMinimum: number;
}

export const defaultConsensusLimits: ConsensusLimits = {
  ageMaximumMs: 60_000,
  deviationMaximum: 0.05,
  sourcesMinimum: 3,
};

/** One price out of many sources. */
export interface Consensus {
  /** Median of the sources that are believed [quote currency]; null when none is. */
  readonly price: number | null;
  readonly flags: readonly QuoteFlag[];
  readonly used: readonly string[];
  /** Sources left out, with the reason. */
  readonly excluded: readonly { readonly source: string; readonly flag: QuoteFlag }[];
}

/**
 * Takes one price from several sources: missing, stale and future ones go first, then those too far from the median of
 * what is left, and the median of the rest is the price. Health is decided before any trimming, so that an absent source
 * never makes room for an outlier (Deribit index, 31 October 2019).
 *
 * The result carries the flag of every exclusion only where fewer than half of the sources agree, or fewer than the
 * minimum: then it is a fallback, FALLBACK_SECOND_SOURCE. Where two sources are left and disagree neither is believed.
 */
export function consolidateSources(
  sources: readonly SourcePrice[],
  asOf: Instant,
  limits: ConsensusLimits = defaultConsensusLimits,
): Consensus {
  const excluded: { source: string; flag: QuoteFlag }[] = [];
  const healthy: { source: string; price: number }[] = [];
  for (const { source, price, at } of [...sources].sort(bySource)) {
    if (price === null || price === 0 || !Number.isFinite(price)) excluded.push({ source, flag: 'Q_NO_QUOTE' });
    else if (asOf - at > limits.ageMaximumMs) excluded.push({ source, flag: 'Q_STALE' });
    else if (at - asOf > futureMaximumMs) excluded.push({ source, flag: 'Q_FUTURE' });
    else healthy.push({ source, price });
  }
  const centre = median(healthy.map(({ price }) => price));
  const used: { source: string; price: number }[] = [];
  for (const one of healthy) {
    const far = centre !== null && Math.abs(one.price - centre) > limits.deviationMaximum * Math.abs(centre);
    if (far) excluded.push({ source: one.source, flag: 'Q_SPIKE' });
    else used.push(one);
  }
  const isThin = used.length < limits.sourcesMinimum || 2 * used.length <= sources.length;
  const flags = isThin ? new Set<QuoteFlag>(['FALLBACK_SECOND_SOURCE', ...excluded.map(({ flag }) => flag)]) : [];
  return { price: median(used.map(({ price }) => price)), flags: [...flags].sort(), used: used.map(nameOf), excluded };
}

const futureMaximumMs = 2_000;

function bySource(left: SourcePrice, right: SourcePrice): number {
  return left.source < right.source ? -1 : left.source > right.source ? 1 : 0;
}

function nameOf({ source }: { readonly source: string }): string {
  return source;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  const upper = sorted[middle];
  if (upper === undefined) return null;
  const lower = sorted.length % 2 === 1 ? upper : sorted[middle - 1];
  return lower === undefined ? upper : (lower + upper) / 2;
}
