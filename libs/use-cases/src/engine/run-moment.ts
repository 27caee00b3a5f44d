import type { MarginRun } from '@ballast/persistence';
import type { RunMoment } from '../run/run-inputs';

/** What a run reads is what was recorded when it started, so that a shard worked on later, and a replay, read the same. */
export function momentOf({ asOf, positionsAt, knownAt, startedAt }: MarginRun): RunMoment {
  return { asOf, positionsAt, knownAt, recordedUntil: startedAt };
}
