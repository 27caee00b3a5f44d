import { decideRelease, type BufferAssessment, type BufferStatus, type FirmControls } from '@ballast/buffer';
import type { DataQuality } from '@ballast/domain';
import type { DataTrust, MarginRequirement } from '@ballast/margin';
import type { HeldResult } from '@ballast/persistence';

/** What stands between a computed requirement and the account it is for. */
export interface AccountGuard {
  readonly trust: DataTrust;
  readonly controls: FirmControls;
}

/** How far a result may be relied on. */
export interface GuardedOutcome {
  readonly status: BufferStatus;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly held?: HeldResult;
}

const none: readonly string[] = [];

/**
 * Decides the quality of a result, and whether it waits for a person. While it waits, its status is that of the
 * requirement still in effect: a figure nobody confirmed raises no call and releases none.
 *
 * @param input.assess  holds the account's equity against another requirement
 */
export function guardOutcome(input: {
  readonly requirement: MarginRequirement;
  readonly assessment: Pick<BufferAssessment, 'status' | 'reasons'>;
  readonly guard: AccountGuard | undefined;
  readonly assess: (requirement: MarginRequirement) => Pick<BufferAssessment, 'status'>;
}): GuardedOutcome {
  const { requirement, assessment, guard, assess } = input;
  const { initialRequirement: initial, maintenanceRequirement: maintenance } = requirement;
  const hasReasons = requirement.qualityReasons.length + assessment.reasons.length > 0;
  const qualityReasons = hasReasons ? [...new Set([...requirement.qualityReasons, ...assessment.reasons])] : none;
  const { status } = assessment;
  if (status === 'INDETERMINATE' || initial === null || maintenance === null)
    return { status, quality: 'INDETERMINATE', qualityReasons };
  const quality = requirement.quality === 'DEGRADED' ? 'DEGRADED' : 'OK';
  if (guard === undefined) return { status, quality: requirement.quality, qualityReasons };
  const { trusted } = guard.trust;
  const { held, reasons } = decideRelease({
    computed: { initial, maintenance },
    previous: trusted,
    controls: guard.controls,
  });
  if (!held || trusted === null) return { status, quality, qualityReasons };
  const inEffect = { ...requirement, initialRequirement: trusted.initial, maintenanceRequirement: trusted.maintenance };
  return {
    status: assess(inEffect).status,
    quality: 'HELD',
    qualityReasons: [...reasons, ...qualityReasons],
    held: { released: trusted, statusOnRelease: status, qualityOnRelease: quality },
  };
}
