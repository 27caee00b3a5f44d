import type { Decimal, Money } from '@ballast/domain';
import type { BufferPolicy } from './buffer-policy';

/** Rungs of the ladder from best to worst, and the one for an account that cannot be valued. */
export const bufferStatuses = ['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION', 'INDETERMINATE'] as const;
export type BufferStatus = (typeof bufferStatuses)[number];

/**
 * Decides the rung of an account (contract §1, default buffer policy).
 *
 * LIQUIDATION when equity < liquidation multiple × maintenance or a call is overdue; MARGIN_CALL when equity <
 * maintenance; WATCH when equity < watch multiple × maintenance; else HEALTHY. A call or a watch once entered is left
 * only above release multiple × maintenance. With maintenance 0: HEALTHY if equity ≥ 0, else LIQUIDATION.
 *
 * @param input.previousStatus  rung of the last observation; absent = none, and an INDETERMINATE one counts as none
 * @param input.callOverdue     a raised call was not met by its due instant
 * @throws Error when equity and maintenance are of different currencies: a defect of the caller
 */
export function decideBufferStatus(input: {
  readonly equity: Money;
  readonly maintenance: Money;
  readonly policy: BufferPolicy;
  readonly previousStatus?: BufferStatus;
  readonly callOverdue?: boolean;
}): BufferStatus {
  const { equity, maintenance, policy, previousStatus } = input;
  if (equity.currency !== maintenance.currency)
    throw new Error(`equity in ${equity.currency} against a requirement in ${maintenance.currency}`);
  if (maintenance.amount.isZero()) return equity.amount.isNegative() ? 'LIQUIDATION' : 'HEALTHY';
  const below = (multiple: number): boolean => equity.amount.lessThan(threshold(maintenance, multiple));
  if (input.callOverdue === true || below(policy.liquidationMultiple)) return 'LIQUIDATION';
  const released = equity.amount.greaterThan(threshold(maintenance, policy.releaseMultiple));
  const called = previousStatus === 'MARGIN_CALL' || previousStatus === 'LIQUIDATION';
  if (below(policy.callMultiple) || (called && !released)) return 'MARGIN_CALL';
  if (below(policy.watchMultiple) || (previousStatus === 'WATCH' && !released)) return 'WATCH';
  return 'HEALTHY';
}

function threshold(maintenance: Money, multiple: number): Decimal {
  return maintenance.amount.times(multiple);
}
