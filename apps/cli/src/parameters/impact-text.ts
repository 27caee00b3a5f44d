// One account of an impact report as a line and as JSON.
import { Decimal, formatMoney, type Money } from '@ballast/domain';
import type { NamedImpactRow } from '@ballast/persistence';

export const impactHeading = [
  'account',
  'currency',
  'initial',
  'after',
  'change %',
  'maintenance',
  'after',
  'change %',
  'status',
];

/** Shows what a parameter set does to one account in a line. */
export function impactLine(row: NamedImpactRow): readonly string[] {
  const { statusBefore, statusAfter } = row;
  return [
    row.accountCode,
    row.currency,
    shown(row.initialBefore),
    shown(row.initialAfter),
    percent(row.initialBefore, row.initialAfter),
    shown(row.maintenanceBefore),
    shown(row.maintenanceAfter),
    percent(row.maintenanceBefore, row.maintenanceAfter),
    statusBefore === statusAfter ? statusAfter : `${statusBefore} -> ${statusAfter}`,
  ];
}

/** … and as JSON: amounts are decimals as text, null where no figure can be given. */
export function impactRecord(row: NamedImpactRow) {
  const { initialBefore, initialAfter, maintenanceBefore, maintenanceAfter, ...rest } = row;
  const text = (money: Money | null) => (money === null ? null : formatMoney(money));
  return {
    ...rest,
    initialBefore: text(initialBefore),
    initialAfter: text(initialAfter),
    initialChangePercent: percentOrNull(initialBefore, initialAfter),
    maintenanceBefore: text(maintenanceBefore),
    maintenanceAfter: text(maintenanceAfter),
    maintenanceChangePercent: percentOrNull(maintenanceBefore, maintenanceAfter),
  };
}

function shown(money: Money | null): string {
  return money === null ? 'none' : formatMoney(money);
}

function percent(before: Money | null, after: Money | null): string {
  return percentOrNull(before, after) ?? '-';
}

function percentOrNull(before: Money | null, after: Money | null): string | null {
  if (before === null || after === null || before.amount.isZero()) return null;
  const change = after.amount.minus(before.amount).div(before.amount).times(100);
  return change.toFixed(2, Decimal.ROUND_HALF_EVEN);
}
