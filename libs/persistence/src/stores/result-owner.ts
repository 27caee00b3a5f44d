import type { Instant } from '@ballast/domain';

/** The run that results belong to. */
export interface ResultOwner {
  readonly runId: string;
  readonly asOf: Instant;
  readonly engineVersion: string;
  readonly snapshotHash: string;
}
