import { Decimal, type Money, roundMoney } from '@ballast/domain';
import type { BufferPolicy } from './buffer-policy';

/**
 * Computes what a margin call asks for: max(initial, call target multiple × maintenance) − equity, rounded up to the
 * minor unit and never below 0 (contract §1).
 */
export function computeCallAmount(input: {
  readonly equity: Money;
  readonly initial: Money;
  readonly maintenance: Money;
  readonly policy: Pick<BufferPolicy, 'callTargetMultiple'>;
}): Money {
  const { equity, initial, maintenance, policy } = input;
  const target = Decimal.max(initial.amount, maintenance.amount.times(policy.callTargetMultiple));
  const missing = Decimal.max(0, target.minus(equity.amount));
  return roundMoney({ amount: missing, currency: equity.currency }, 'up');
}
