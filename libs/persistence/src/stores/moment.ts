import type { Instant } from '@ballast/domain';
import { toTimestamp } from '../row-values';
import { plainlyBelievedAt } from './known-time';

/** One moment in both times: what was held at `validAt`, as known at `knownAt` (default: now). */
export interface AsOf {
  readonly validAt: Instant;
  readonly knownAt?: Instant | undefined;
}

/**
 * Condition on a version of both times, with parameters from `from` on.
 *
 * Versions open now have no end; asking for them by that is what the partial index answers. Where no writer was unseen at the
 * moment asked about, which is told once per statement, one look at a version's range says whether it was believed.
 */
export function momentCondition(at: AsOf, from: number): string {
  const known = at.knownAt === undefined ? 'upper_inf(known)' : plainlyBelievedAt('known', `$${from + 1}`);
  return `valid @> $${from}::timestamptz AND ${known}`;
}

/** Name of a statement that asks for one moment: it has one text where that is now, and another where it is told. */
export function momentPlan(name: string, at: AsOf): string {
  return `${name} ${at.knownAt === undefined ? 'now' : 'then'}`;
}

/** The parameters of momentCondition. */
export function momentParameters(at: AsOf): string[] {
  return at.knownAt === undefined ? [toTimestamp(at.validAt)] : [toTimestamp(at.validAt), toTimestamp(at.knownAt)];
}
