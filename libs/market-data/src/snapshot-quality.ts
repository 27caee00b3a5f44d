import type { DataQuality, QuoteFlag } from '@ballast/domain';
import type { BuiltSnapshot } from './build-snapshot';
import { degradingFlags } from './guard/data-findings';

/** How far a snapshot may be trusted, and why no further. */
export interface SnapshotQuality {
  readonly quality: Extract<DataQuality, 'OK' | 'DEGRADED'>;
  /** For example `Q_STALE: 120 of 1286 quotes`. */
  readonly reasons: readonly string[];
}

/** What was found on a snapshot, or on part of one, as far as it decides how far the whole may be trusted. */
export interface SnapshotFindings {
  readonly instrumentCount: number;
  /** How many quotes carry each flag, in order of the flag. */
  readonly flagCounts: ReadonlyMap<QuoteFlag, number>;
  /** Contracts without a quote that are quoted by their volatility, which needs none. */
  readonly byVolatility: number;
  /** Contracts of which no volatility was found. */
  readonly withoutVolatility: number;
  /** What is wrong with underlyings, in their order. */
  readonly reasons: readonly string[];
}

/** Judges a snapshot as a whole, see `judgeFindings`. */
export function judgeSnapshot(built: BuiltSnapshot): SnapshotQuality {
  return judgeFindings(findingsOf(built));
}

/** Counts what decides over the quality of a snapshot. */
export function findingsOf({ snapshot, flagCounts, volatilitySources }: BuiltSnapshot): SnapshotFindings {
  const reasons: string[] = [];
  for (const { underlyingId, price, flags = [] } of snapshot.underlyings.values()) {
    if (price === null) reasons.push(`PRICE_MISSING: ${underlyingId}`);
    for (const flag of flags) if (degradingFlags.has(flag)) reasons.push(`${flag}: ${underlyingId}`);
  }
  return {
    instrumentCount: snapshot.instruments.size,
    flagCounts,
    byVolatility: [...snapshot.instruments.values()].filter(
      ({ flags, impliedVolatility }) => impliedVolatility !== null && flags.includes('Q_NO_QUOTE'),
    ).length,
    withoutVolatility: [...volatilitySources.values()].filter((source) => source === 'none').length,
    reasons,
  };
}

/** Findings on the whole of which each is a part; parts in order of the identifiers of their underlyings. */
export function joinFindings(parts: readonly SnapshotFindings[]): SnapshotFindings {
  const counts = new Map<QuoteFlag, number>();
  for (const { flagCounts } of parts)
    for (const [flag, count] of flagCounts) counts.set(flag, (counts.get(flag) ?? 0) + count);
  const sum = (count: (part: SnapshotFindings) => number): number => parts.reduce((all, part) => all + count(part), 0);
  return {
    instrumentCount: sum(({ instrumentCount }) => instrumentCount),
    flagCounts: new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1))),
    byVolatility: sum(({ byVolatility }) => byVolatility),
    withoutVolatility: sum(({ withoutVolatility }) => withoutVolatility),
    reasons: parts.flatMap(({ reasons }) => reasons),
  };
}

/**
 * Judges a snapshot by what was found on it. It is DEGRADED when more than a twentieth of its quotes share a fault that
 * makes them unfit, when a rate or yield had to be assumed for any quote, or when an underlying has no price or a finding
 * that degrades it.
 */
export function judgeFindings(findings: SnapshotFindings): SnapshotQuality {
  const { instrumentCount: total, flagCounts, byVolatility, withoutVolatility } = findings;
  const reasons: string[] = [];
  for (const [flag, found] of flagCounts) {
    const count = flag === 'Q_NO_QUOTE' ? found - byVolatility : found;
    const isSerious = assumedFlags.includes(flag) || (unfitFlags.includes(flag) && count > shareMaximum * total);
    if (isSerious) reasons.push(`${flag}: ${count} of ${total} quotes`);
  }
  if (withoutVolatility > shareMaximum * total) reasons.push(`no volatility: ${withoutVolatility} of ${total} quotes`);
  reasons.push(...findings.reasons);
  return { quality: reasons.length === 0 ? 'OK' : 'DEGRADED', reasons };
}

const shareMaximum = 0.05;
const assumedFlags: readonly QuoteFlag[] = ['RATE_MISSING', 'DIV_MISSING'];
const unfitFlags: readonly QuoteFlag[] = [
  'Q_STALE',
  'Q_FUTURE',
  'Q_CROSSED',
  'Q_NO_QUOTE',
  'IV_RANGE',
  'PRICE_BELOW_INTRINSIC',
];
