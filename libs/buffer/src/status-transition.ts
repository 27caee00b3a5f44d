import type { DataQuality } from '@ballast/domain';
import type { BufferStatus } from './buffer-status';

/** The rung that is reported, and the one the figures alone give where it was not taken. */
export interface StatusTransition {
  readonly status: BufferStatus;
  /** What the ladder gives on this data. */
  readonly computedStatus: BufferStatus;
  /** Why the two differ; null = they do not. */
  readonly heldReason: string | null;
}

const calling: readonly BufferStatus[] = ['MARGIN_CALL', 'LIQUIDATION'];

/**
 * Keeps an account on its rung while the data is worse than OK: no automatic transition on degraded data. The previous rung
 * stays and the computed one is reported beside it. Where there is none yet the computed one is the first, but nobody is
 * called or liquidated by it (no automatic margin-call events from DEGRADED or worse): that is WATCH.
 *
 * INDETERMINATE is no rung that calls: it is reported as it is.
 */
export function transitionStatus(input: {
  readonly computedStatus: BufferStatus;
  /** Rung of the last determinate observation; absent = none. */
  readonly previousStatus?: BufferStatus | undefined;
  readonly quality: DataQuality;
}): StatusTransition {
  const { computedStatus, previousStatus, quality } = input;
  const unchanged = { status: computedStatus, computedStatus, heldReason: null };
  if (quality === 'OK' || quality === 'INDETERMINATE' || computedStatus === 'INDETERMINATE') return unchanged;
  const known = previousStatus === 'INDETERMINATE' ? undefined : previousStatus;
  if (computedStatus === known || (known === undefined && !calling.includes(computedStatus))) return unchanged;
  const status = known ?? 'WATCH';
  const heldReason = `STATUS_HELD: ${computedStatus} by figures of quality ${quality}; kept at ${status} until the data is OK`;
  return { status, computedStatus, heldReason };
}
