import type { Decimal } from '@ballast/domain';
import type { StoredRequirement } from '@ballast/use-cases';
import { type Money, toMoneyOrNull } from '../money/money.model';
import type { MarginRequirement } from './margin-requirement.model';

/** A requirement as resolvers pass it on: what the API shows, and the keys of what is read only when asked for. */
export type MarginRequirementParent = Omit<MarginRequirement, 'ageMs' | 'bufferRatio'> & {
  /** Digits in plain notation. */
  readonly bufferRatio: string | null;
  readonly stored: StoredRequirement;
};

/**
 * Shows a stored requirement as the API does; its explanation, run and parameters follow when they are selected. Values
 * are getters, because a list asks for few of them.
 */
export function toMarginRequirement(stored: StoredRequirement): MarginRequirementParent {
  let known = shown.get(stored);
  if (known === undefined) {
    known = new ShownRequirement(stored);
    shown.set(stored, known);
  }
  return known;
}

/** A requirement never changes, so neither does how it is shown; kept as long as the requirement is. */
const shown = new WeakMap<StoredRequirement, MarginRequirementParent>();

class ShownRequirement implements MarginRequirementParent {
  private ratioShown: string | null | undefined;
  private initialShown: Money | null | undefined;
  private maintenanceShown: Money | null | undefined;
  private equityShown: Money | null | undefined;
  private bufferShown: Money | null | undefined;

  constructor(readonly stored: StoredRequirement) {}

  get id() {
    return this.stored.id;
  }
  get asOf() {
    return this.stored.asOf;
  }
  get quality() {
    return this.stored.quality;
  }
  get qualityReasons() {
    return this.stored.qualityReasons;
  }
  get warnings() {
    return this.stored.warnings;
  }
  get methodology() {
    return this.stored.methodology;
  }
  get initial(): Money | null {
    return (this.initialShown ??= toMoneyOrNull(this.stored.initialRequirement));
  }
  get maintenance(): Money | null {
    return (this.maintenanceShown ??= toMoneyOrNull(this.stored.maintenanceRequirement));
  }
  get netOptionValue(): Money | null {
    return toMoneyOrNull(this.stored.netOptionValue);
  }
  get equity(): Money | null {
    return (this.equityShown ??= toMoneyOrNull(this.stored.equity));
  }
  get collateralValue(): Money | null {
    return toMoneyOrNull(this.stored.collateralValue);
  }
  get buffer(): Money | null {
    return (this.bufferShown ??= toMoneyOrNull(this.stored.buffer));
  }
  get bufferRatio(): string | null {
    return (this.ratioShown ??= digitsOrNull(this.stored.bufferRatio));
  }
  get excess(): Money | null {
    return toMoneyOrNull(this.stored.excess);
  }
  get status() {
    return this.stored.status;
  }
  get computedStatus() {
    return this.stored.computedStatus;
  }
  get leverage() {
    return this.stored.leverage;
  }
  get worstScenario() {
    return this.stored.worstScenario;
  }
}

function digitsOrNull(value: Decimal | null): string | null {
  if (value === null) return null;
  return value.isZero() ? '0' : value.toFixed();
}
