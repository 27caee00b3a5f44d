import type { Instant, QuoteFlag } from '@ballast/domain';

/** One value of a feed and what was found on it. */
export interface SequencedValue {
  /** [currency]; null = missing. */
  readonly value: number | null;
  readonly at: Instant;
  readonly flags: readonly QuoteFlag[];
}

/** A move of more than this many standard deviations of the time between is a spike. */
const spikeDeviations = 8;
/** … but a smaller move than this fraction never is. */
const spikeFractionMinimum = 0.1;
const yearMs = 365 * 86_400_000;

/**
 * Compares a value with those before it: Q_OUT_OF_ORDER it is older than the one before, Q_DUP it is the one before,
 * Q_SPIKE it moved by more than max(8 σ √Δt, 10 %) against the last value that was no spike itself. A new level that
 * two more values confirm (three ticks) is believed; so is one that a second source shows.
 *
 * @param before          earlier values, latest first; two are enough
 * @param volatility      annualised, of the value [1/√year]
 * @param secondSource    the same value by another source; null = none
 * @returns flags in order
 */
export function checkSequence(input: {
  readonly seen: SequencedValue;
  readonly before: readonly SequencedValue[];
  readonly volatility: number;
  readonly secondSource: number | null;
}): readonly QuoteFlag[] {
  const { seen, before } = input;
  const [last] = before;
  if (last === undefined) return [];
  const flags: QuoteFlag[] = [];
  if (seen.at < last.at) flags.push('Q_OUT_OF_ORDER');
  if (seen.at === last.at && seen.value === last.value) flags.push('Q_DUP');
  if (isSpike(input)) flags.push('Q_SPIKE');
  return flags.sort();
}

function isSpike({ seen, before, volatility, secondSource }: Parameters<typeof checkSequence>[0]): boolean {
  if (seen.value === null) return false;
  const [last, earlier] = before.filter(({ value }) => value !== null);
  if (last === undefined) return false;
  const isFar = (reference: SequencedValue): boolean => {
    if (reference.value === null || seen.value === null) return false;
    const elapsed = Math.max(60_000, seen.at - reference.at) / yearMs;
    const limit = Math.max(spikeDeviations * volatility * Math.sqrt(elapsed), spikeFractionMinimum);
    return Math.abs(seen.value - reference.value) > limit * Math.abs(reference.value);
  };
  const wasSpike = (value: SequencedValue): boolean => value.flags.includes('Q_SPIKE');
  const reference = wasSpike(last) && earlier !== undefined && !wasSpike(earlier) ? earlier : last;
  if (!isFar(reference)) return false;
  return secondSource === null || isFar({ ...seen, value: secondSource });
}
