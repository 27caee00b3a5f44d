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
 * Keeps an account from being called, liquidated or released because of bad data (reliability §4: no automatic margin-call
 * events from DEGRADED or worse). With data worse than OK a move into, out of, or between MARGIN_CALL and LIQUIDATION is
 * not made: the previous rung stays, WATCH where there is none, and the computed one is reported beside it.
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
  if (computedStatus === known) return unchanged;
  const concerned = calling.includes(computedStatus) || (known !== undefined && calling.includes(known));
  if (!concerned) return unchanged;
  const status = known ?? 'WATCH';
  const heldReason = `STATUS_HELD: ${computedStatus} by figures of quality ${quality}; kept at ${status} until the data is OK`;
  return { status, computedStatus, heldReason };
}
