import type { DataQuality, Instant } from '@ballast/domain';
import type { TrustedRequirement } from '@ballast/margin';
import type { BufferStatus } from '../buffer-status';
import type { RequirementKey } from './requirement-key';

/** A requirement that moved too far: what stays in effect, and who confirmed the new figure, if anybody did. */
export interface RequirementHold extends RequirementKey {
  /** The requirement that stays in effect until the confirmation. */
  readonly released: TrustedRequirement;
  /** Status and quality of the new figure once confirmed. */
  readonly statusOnRelease: BufferStatus;
  readonly qualityOnRelease: Extract<DataQuality, 'OK' | 'DEGRADED'>;
  /** Null while nobody has confirmed it. */
  readonly confirmation: ReleaseConfirmation | null;
}

export interface ReleaseConfirmation {
  readonly confirmedBy: string;
  readonly confirmedAt: Instant;
  readonly reason: string;
}
