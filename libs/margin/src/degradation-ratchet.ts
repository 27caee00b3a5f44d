import { type Decimal, formatInstant, formatMoney, type Instant, type Money } from '@ballast/domain';
import { overlayCharges } from './charge-overlay';
import type { MarginRequirement } from './margin-requirement';

/** The last requirement of an account that good data, or a person, stands behind. */
export interface TrustedRequirement {
  readonly asOf: Instant;
  readonly runId: string;
  readonly initial: Money;
  readonly maintenance: Money;
}

/** What is known about the data behind a requirement. */
export interface DataTrust {
  /** Findings on what the account depends on, each beginning with its code; empty = all inputs are fresh. */
  readonly findings: readonly string[];
  /** null when the account never had one. */
  readonly trusted: TrustedRequirement | null;
  /** Whether the account holds exactly what it held then. */
  readonly samePositions: boolean;
}

/** Reason of a requirement on doubtful data that is held against no earlier one, because there is none. */
export const nothingEarlier = 'RATCHET_OFF: no earlier requirement of good data';

/**
 * Holds a requirement up while its data is bad: requirement = max(computed, last trusted one on the same positions),
 * initial and maintenance each by itself (methodology §7.2).
 *
 * Without findings nothing changes. With findings the quality is DEGRADED and the findings are its reasons, whether or
 * not the floor binds. Where positions changed the old figure says nothing about the new book: the computed one stands,
 * flagged RATCHET_OFF. What is INDETERMINATE stays so: a floor under an unknown number would look like a number.
 *
 * @returns quality DEGRADED with reasons in the order of the findings, then what the ratchet did
 */
export function applyRatchet(requirement: MarginRequirement, trust: DataTrust): MarginRequirement {
  const { findings, trusted, samePositions } = trust;
  const { model, initialRequirement, maintenanceRequirement } = requirement;
  if (findings.length === 0) return requirement;
  if (model === null || initialRequirement === null || maintenanceRequirement === null) {
    return { ...requirement, qualityReasons: [...requirement.qualityReasons, ...findings] };
  }
  const degraded = { ...requirement, quality: 'DEGRADED' as const };
  const because = (...more: string[]) => [...new Set([...requirement.qualityReasons, ...findings, ...more])];
  if (trusted === null) {
    return { ...degraded, qualityReasons: because(nothingEarlier) };
  }
  const since = formatInstant(trusted.asOf);
  if (!samePositions) {
    const why = `RATCHET_OFF: positions changed since the last requirement of good data at ${since}`;
    return { ...degraded, qualityReasons: because(why) };
  }
  const initial = shortfall(trusted.initial, initialRequirement);
  const maintenance = shortfall(trusted.maintenance, maintenanceRequirement);
  if (initial === 0 && maintenance === 0) return { ...degraded, qualityReasons: because() };
  const held = `held at the requirement of ${since}; the data behind the computed one is degraded`;
  const { currency } = maintenanceRequirement;
  const raised = overlayCharges({
    requirement: degraded,
    charges: [{ kind: 'ratchet', label: 'Held while data is degraded', basis: held, initial, maintenance }],
    currency,
    maintenanceKind: 'ratchet-maintenance',
    basis: 'computed requirement, at least the last one of good data',
  });
  const told = `RATCHET: held at initial ${formatMoney(trusted.initial)} and maintenance ${formatMoney(trusted.maintenance)} ${currency} of ${since} where higher; computed ${formatMoney(initialRequirement)} and ${formatMoney(maintenanceRequirement)}`;
  return { ...raised, qualityReasons: because(told) };
}

function shortfall(floor: Money, computed: Money): number {
  const missing: Decimal = floor.amount.minus(computed.amount);
  return missing.isPositive() ? missing.toNumber() : 0;
}
