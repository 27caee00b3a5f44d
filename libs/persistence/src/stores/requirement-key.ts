import type { Instant } from '@ballast/domain';

/** Names one stored requirement: one run finds one requirement per account. */
export interface RequirementKey {
  readonly accountId: string;
  readonly asOf: Instant;
  readonly runId: string;
}
