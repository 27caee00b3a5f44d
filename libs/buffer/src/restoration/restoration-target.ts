import { Decimal, type Money, roundMoney } from '@ballast/domain';
import type { ModelBuffer } from '../analysis/account-state';
import type { BufferAssessment } from '../assess-buffer';
import type { MarginRequirement } from '@ballast/margin';

/**
 * Level that equity has to reach: CALL what a margin call asks for, max(initial, call target multiple × maintenance);
 * INITIAL the initial, MAINTENANCE the maintenance requirement.
 */
export type RestorationTarget = 'CALL' | 'INITIAL' | 'MAINTENANCE';

/** The level of an evaluated account, rounded up to the minor unit; null when it cannot be valued. */
export function targetLevel(
  { initialRequirement: initial, maintenanceRequirement: maintenance }: MarginRequirement,
  target: RestorationTarget,
  callTargetMultiple: number,
): Money | null {
  if (initial === null || maintenance === null) return null;
  const { currency } = initial;
  if (target === 'INITIAL') return initial;
  if (target === 'MAINTENANCE') return maintenance;
  const amount = Decimal.max(initial.amount, maintenance.amount.times(callTargetMultiple));
  return roundMoney({ amount, currency }, 'up');
}

/** Smallest deposit in the base currency that lifts equity to a level; 0 when it is there. Cash changes no requirement. */
export function smallestDeposit({ equity }: BufferAssessment, level: Money): Money | null {
  if (equity === null) return null;
  return { amount: Decimal.max(0, level.amount.minus(equity.amount)), currency: level.currency };
}

/** Unrounded equity above the level, < 0 = missing. */
export function modelSlack(figures: ModelBuffer, target: RestorationTarget, callTargetMultiple: number): number {
  return figures.equity - modelLevel(figures, target, callTargetMultiple);
}

/** The unrounded level of requirements. */
export function modelLevel(
  { initial, maintenance }: Omit<ModelBuffer, 'equity'>,
  target: RestorationTarget,
  callTargetMultiple: number,
): number {
  switch (target) {
    case 'CALL':
      return Math.max(initial, maintenance * callTargetMultiple);
    case 'INITIAL':
      return initial;
    case 'MAINTENANCE':
      return maintenance;
  }
}
