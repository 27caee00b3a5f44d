import type { StoredRequirement } from '@ballast/use-cases';
import { toMoneyOrNull } from '../money/money.model';
import type { MarginRequirement } from './margin-requirement.model';

/** A requirement as resolvers pass it on: what the API shows, and the keys of what is read only when asked for. */
export type MarginRequirementParent = Omit<MarginRequirement, 'ageMs'> & {
  readonly stored: StoredRequirement;
};

/** Shows a stored requirement as the API does; its explanation, run and parameters follow when they are selected. */
export function toMarginRequirement(stored: StoredRequirement): MarginRequirementParent {
  const { id, asOf, quality, qualityReasons, warnings, methodology, bufferRatio, status, worstScenario } = stored;
  return {
    stored,
    id,
    asOf,
    quality,
    qualityReasons,
    warnings,
    methodology,
    initial: toMoneyOrNull(stored.initialRequirement),
    maintenance: toMoneyOrNull(stored.maintenanceRequirement),
    netOptionValue: toMoneyOrNull(stored.netOptionValue),
    equity: toMoneyOrNull(stored.equity),
    collateralValue: toMoneyOrNull(stored.collateralValue),
    buffer: toMoneyOrNull(stored.buffer),
    bufferRatio,
    excess: toMoneyOrNull(stored.excess),
    status,
    computedStatus: stored.computedStatus,
    leverage: stored.leverage,
    worstScenario,
  };
}
