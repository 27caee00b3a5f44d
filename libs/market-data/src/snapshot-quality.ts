import type { DataQuality, QuoteFlag } from '@ballast/domain';
import type { BuiltSnapshot } from './build-snapshot';
import { degradingFlags } from './guard/data-findings';

/** How far a snapshot may be trusted, and why no further. */
export interface SnapshotQuality {
  readonly quality: Extract<DataQuality, 'OK' | 'DEGRADED'>;
  /** For example `Q_STALE: 120 of 1286 quotes`. */
  readonly reasons: readonly string[];
}

/**
 * Judges a snapshot as a whole. It is DEGRADED when more than a twentieth of its quotes share a fault that makes them
 * unfit, when a rate or yield had to be assumed for any quote, or when an underlying has no
 * price or a finding that degrades it.
 */
export function judgeSnapshot(built: BuiltSnapshot): SnapshotQuality {
  const { snapshot, flagCounts } = built;
  const total = snapshot.instruments.size;
  const reasons: string[] = [];
  // A volatility needs no quote of its own.
  const byVolatility = [...snapshot.instruments.values()].filter(
    ({ flags, impliedVolatility }) => impliedVolatility !== null && flags.includes('Q_NO_QUOTE'),
  ).length;
  for (const [flag, found] of flagCounts) {
    const count = flag === 'Q_NO_QUOTE' ? found - byVolatility : found;
    const isSerious = assumedFlags.includes(flag) || (unfitFlags.includes(flag) && count > shareMaximum * total);
    if (isSerious) reasons.push(`${flag}: ${count} of ${total} quotes`);
  }
  const unknown = [...built.volatilitySources.values()].filter((source) => source === 'none').length;
  if (unknown > shareMaximum * total) reasons.push(`no volatility: ${unknown} of ${total} quotes`);
  for (const { underlyingId, price, flags = [] } of snapshot.underlyings.values()) {
    if (price === null) reasons.push(`PRICE_MISSING: ${underlyingId}`);
    for (const flag of flags) if (degradingFlags.has(flag)) reasons.push(`${flag}: ${underlyingId}`);
  }
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
