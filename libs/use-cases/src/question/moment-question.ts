import type { Instant } from '@ballast/domain';

/** A moment in both times: when something was true, and when that was known. */
export interface MomentQuestion {
  /** When it was true; `now` when absent. */
  readonly asOf?: Instant | undefined;
  /** Only what the record knew by this instant; `asOf` when absent, so that the answer is what was known then. */
  readonly knownAt?: Instant | undefined;
  /** Instant of the question: decides what is past. */
  readonly now: Instant;
}

/** A moment as the stores take it; without `knownAt` everything known so far counts. */
export interface AskedMoment {
  readonly validAt: Instant;
  readonly knownAt?: Instant | undefined;
  /** Where nothing was known then, what was learnt later about that time is the answer. */
  readonly isLearntLater: boolean;
  /** No moment was named: of dated records the newest is meant, even one dated after now. */
  readonly isNewest: boolean;
}

/**
 * Tells at which moment the stores are asked: a past `asOf` alone means what was known then, and what was learnt later of
 * a time about which nothing was known yet (history that was loaded afterwards); with `knownAt` the answer is exact in both
 * times.
 */
export function momentAsked({ asOf, knownAt, now }: MomentQuestion): AskedMoment {
  const validAt = asOf ?? now;
  if (knownAt !== undefined) return { validAt, knownAt, isLearntLater: false, isNewest: false };
  if (asOf === undefined || asOf >= now) return { validAt, isLearntLater: false, isNewest: asOf === undefined };
  return { validAt, knownAt: asOf, isLearntLater: true, isNewest: false };
}

/** Questions of one moment have one key. */
export function momentKey({ asOf, knownAt, now }: MomentQuestion): string {
  return `${asOf} ${knownAt} ${now}`;
}
