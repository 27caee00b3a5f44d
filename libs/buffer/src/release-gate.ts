import { Decimal, formatInstant, formatMoney, type Instant, type Money } from '@ballast/domain';
import type { FirmControls } from './firm-controls';

/** Both requirements of an account at one time. */
export interface RequirementPair {
  readonly initial: Money;
  readonly maintenance: Money;
}

/** Whether a requirement may be relied on before a person has looked at it. */
export interface ReleaseDecision {
  readonly held: boolean;
  /** One per side that moved too far, naming both figures; empty unless held. */
  readonly reasons: readonly string[];
}

/**
 * Decides whether a requirement is held until a person confirms it: its initial or its maintenance side moved, up or
 * down, by more than the limit as a fraction of the previous figure and also by more than the limit as an amount
 * (methodology §7.1). Equal to a limit is within it. From nothing to something is more than any fraction.
 *
 * @param input.controls  limits in the currency of the requirement, as releaseControlsIn states them
 * @param input.previous  last requirement of good data or released by a person; null = the first one, which is not held
 * @throws Error when the two are of different currencies: a defect of the caller
 */
export function decideRelease(input: {
  readonly computed: RequirementPair;
  readonly previous: (RequirementPair & { readonly asOf: Instant }) | null;
  readonly controls: FirmControls;
}): ReleaseDecision {
  const { computed, previous, controls } = input;
  if (previous === null) return { held: false, reasons: [] };
  const reasons: string[] = [];
  for (const side of sides) {
    const move = describeMove(previous[side], computed[side], controls);
    if (move === null) continue;
    reasons.push(`RELEASE_GATE: ${side} requirement moved from ${move} since ${formatInstant(previous.asOf)}`);
  }
  return { held: reasons.length > 0, reasons };
}

const sides = ['initial', 'maintenance'] as const;

function describeMove(before: Money, after: Money, controls: FirmControls): string | null {
  const { currency } = after;
  if (before.currency !== currency) throw new Error(`a requirement in ${before.currency} became one in ${currency}`);
  const change = after.amount.minus(before.amount);
  const size = change.abs();
  const amountLimit = controls.releaseAmountByCurrency[currency] ?? controls.releaseAmount;
  const isWithin =
    size.lessThanOrEqualTo(amountLimit) ||
    size.lessThanOrEqualTo(before.amount.times(new Decimal(controls.releaseFraction)));
  if (isWithin) return null;
  const percent = before.amount.isZero() ? '' : `, ${signed(change.div(before.amount).times(100), 1)} %`;
  return `${formatMoney(before)} to ${formatMoney(after)} ${currency} (${change.isPositive() ? '+' : ''}${formatMoney({ amount: change, currency })}${percent})`;
}

function signed(value: Decimal, decimals: number): string {
  return `${value.isPositive() ? '+' : ''}${value.toFixed(decimals)}`;
}
