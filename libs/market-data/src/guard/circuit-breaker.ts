import type { Instant, UnderlyingKind } from '@ballast/domain';

/** When a feed is no longer believed, and when it is again. */
export interface BreakerLimits {
  /** Trips when more than this share of the instruments turns bad within the window. */
  readonly instrumentShare: number;
  /** Trips when more than this many underlyings of one kind turn bad within the window. */
  readonly underlyingsPerKind: number;
  readonly windowMs: number;
  /** Clean snapshots in a row after which a suspect feed is believed again. */
  readonly cleanNeeded: number;
}

export const defaultBreakerLimits: BreakerLimits = {
  instrumentShare: 0.05,
  underlyingsPerKind: 1,
  windowMs: 60_000,
  cleanNeeded: 3,
};

/** One snapshot of a feed as the breaker sees it. */
export interface FeedObservation {
  readonly at: Instant;
  readonly instrumentCount: number;
  /** Identifiers whose data is unfit. */
  readonly badInstruments: readonly string[];
  readonly badUnderlyings: readonly { readonly id: string; readonly kind: UnderlyingKind }[];
}

/** Whether a feed is believed, and what has to be remembered to decide that; plain JSON. */
export interface BreakerState {
  readonly mode: 'LIVE' | 'SUSPECT';
  /** Instant of the last snapshot. */
  readonly at: number;
  /** Clean snapshots in a row while SUSPECT. */
  readonly clean: number;
  readonly badInstruments: readonly string[];
  readonly badUnderlyings: readonly string[];
  /** What turned bad within the window. */
  readonly turned: readonly { readonly at: number; readonly id: string; readonly kind: UnderlyingKind | null }[];
}

/**
 * ACCEPTED believed · TRIPPED the snapshot after which the feed is not believed · FROZEN one more that is not · CLEAN a
 * good one on the way back · RECOVERED the good one after which the feed is believed again.
 */
export type BreakerEvent = 'ACCEPTED' | 'TRIPPED' | 'FROZEN' | 'CLEAN' | 'RECOVERED';

/** Snapshots of these events are not evaluated on; the last believed one stays in use. */
export const frozenEvents: readonly BreakerEvent[] = ['TRIPPED', 'FROZEN', 'CLEAN'];

/**
 * Takes a feed through one snapshot. Time is that of the snapshots: the same sequence gives the same states.
 *
 * LIVE → SUSPECT when more than 5 % of the instruments, or more than one underlying of a kind, turn bad within 60 s.
 * What was bad at the first snapshot did not turn bad, and what turned bad between two snapshots more than the window
 * apart did not do so within it. SUSPECT → LIVE after three clean snapshots in a row (hysteresis).
 *
 * @param state  null before the first snapshot of the feed
 */
export function observeFeed(
  state: BreakerState | null,
  seen: FeedObservation,
  limits: BreakerLimits = defaultBreakerLimits,
): { readonly state: BreakerState; readonly event: BreakerEvent; readonly reasons: readonly string[] } {
  const turned = turnedBad(state, seen, limits);
  const next = {
    at: seen.at,
    badInstruments: [...seen.badInstruments].sort(),
    badUnderlyings: seen.badUnderlyings.map(({ id }) => id).sort(),
    turned,
  };
  if (state?.mode !== 'SUSPECT') {
    const reasons = tripReasons(turned, seen, limits);
    const mode = reasons.length > 0 ? 'SUSPECT' : 'LIVE';
    return { state: { mode, clean: 0, ...next }, event: mode === 'SUSPECT' ? 'TRIPPED' : 'ACCEPTED', reasons };
  }
  const standing = [
    ...next.badInstruments.map((id) => ({ at: seen.at, id, kind: null })),
    ...seen.badUnderlyings.map(({ id, kind }) => ({ at: seen.at, id, kind })),
  ];
  const reasons = tripReasons(standing, seen, limits);
  if (reasons.length > 0) return { state: { mode: 'SUSPECT', clean: 0, ...next }, event: 'FROZEN', reasons };
  const clean = state.clean + 1;
  if (clean >= limits.cleanNeeded)
    return { state: { mode: 'LIVE', clean: 0, ...next, turned: [] }, event: 'RECOVERED', reasons: [] };
  const told = [`FEED_SUSPECT: ${clean} of ${limits.cleanNeeded} clean snapshots`];
  return { state: { mode: 'SUSPECT', clean, ...next }, event: 'CLEAN', reasons: told };
}

/**
 * Judges a snapshot that comes late: one not newer than the last of its feed. It moves neither the time of the feed nor its
 * way back to belief, but it does not slip past the breaker: while the feed is SUSPECT it is frozen, and one of the same
 * minute that would have tripped the breaker in its turn trips it now.
 *
 * @param believedAt  instant of the last believed snapshot; what is older takes nobody's place and is always taken
 * @returns null when it is taken as it is
 */
export function observeLate(
  state: BreakerState,
  seen: FeedObservation,
  context: { readonly believedAt: Instant | null; readonly limits?: BreakerLimits },
): { readonly state: BreakerState; readonly event: BreakerEvent; readonly reasons: readonly string[] } | null {
  const { believedAt, limits = defaultBreakerLimits } = context;
  if (believedAt !== null && seen.at < believedAt) return null;
  if (state.mode === 'SUSPECT')
    return { state, event: 'FROZEN', reasons: ['FEED_SUSPECT: late, from a feed that is not believed'] };
  if (state.at - seen.at > limits.windowMs) return null;
  const judged = observeFeed(state, { ...seen, at: state.at as Instant }, limits);
  return judged.event === 'TRIPPED' ? judged : null;
}

function turnedBad(state: BreakerState | null, seen: FeedObservation, limits: BreakerLimits): BreakerState['turned'] {
  if (state === null || seen.at - state.at > limits.windowMs) return [];
  const knownInstruments = new Set(state.badInstruments);
  const knownUnderlyings = new Set(state.badUnderlyings);
  return [
    ...state.turned.filter(({ at }) => seen.at - at <= limits.windowMs),
    ...seen.badInstruments.filter((id) => !knownInstruments.has(id)).map((id) => ({ at: seen.at, id, kind: null })),
    ...seen.badUnderlyings
      .filter(({ id }) => !knownUnderlyings.has(id))
      .map(({ id, kind }) => ({ at: seen.at, id, kind })),
  ];
}

function tripReasons(turned: BreakerState['turned'], seen: FeedObservation, limits: BreakerLimits): readonly string[] {
  const reasons: string[] = [];
  const instruments = new Set(turned.filter(({ kind }) => kind === null).map(({ id }) => id)).size;
  if (instruments > limits.instrumentShare * seen.instrumentCount)
    reasons.push(`FEED_SUSPECT: ${instruments} of ${seen.instrumentCount} instruments turned bad`);
  const byKind = new Map<string, Set<string>>();
  for (const { id, kind } of turned) {
    if (kind !== null) byKind.set(kind, (byKind.get(kind) ?? new Set()).add(id));
  }
  for (const [kind, ids] of [...byKind].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (ids.size > limits.underlyingsPerKind)
      reasons.push(`FEED_SUSPECT: ${ids.size} underlyings of kind ${kind} turned bad: ${[...ids].sort().join(', ')}`);
  }
  return reasons;
}
