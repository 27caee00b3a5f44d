import { Decimal, subtractMoney, type Money } from '@ballast/domain';
import type { NamedImpactRow, ParameterImpactTotal as StoredTotal } from '@ballast/use-cases';
import { toMoney, toMoneyOrNull } from '../money/money.model';
import type { ParameterImpactRow, ParameterImpactTotal } from './parameter-impact.model';

/** Shows a row of an impact report with its changes. */
export function toParameterImpactRow(row: NamedImpactRow): ParameterImpactRow {
  const initial = changeOf(row.initialBefore, row.initialAfter);
  const maintenance = changeOf(row.maintenanceBefore, row.maintenanceAfter);
  return {
    accountId: row.accountId,
    accountCode: row.accountCode,
    methodology: row.methodology,
    initialBefore: toMoneyOrNull(row.initialBefore),
    initialAfter: toMoneyOrNull(row.initialAfter),
    initialChange: toMoneyOrNull(initial.change),
    initialChangePercent: initial.percent,
    maintenanceBefore: toMoneyOrNull(row.maintenanceBefore),
    maintenanceAfter: toMoneyOrNull(row.maintenanceAfter),
    maintenanceChange: toMoneyOrNull(maintenance.change),
    maintenanceChangePercent: maintenance.percent,
    statusBefore: row.statusBefore,
    statusAfter: row.statusAfter,
    qualityAfter: row.qualityAfter,
    reasons: row.reasons,
  };
}

/** Shows a sum of an impact report. */
export function toParameterImpactTotal(total: StoredTotal): ParameterImpactTotal {
  const money = (amount: string) => toMoney({ amount: new Decimal(amount), currency: total.currency });
  return {
    methodology: total.methodology,
    accountCount: total.accountCount,
    changedCount: total.changedCount,
    initialBefore: money(total.initialBefore),
    initialAfter: money(total.initialAfter),
    maintenanceBefore: money(total.maintenanceBefore),
    maintenanceAfter: money(total.maintenanceAfter),
  };
}

function changeOf(before: Money | null, after: Money | null): { change: Money | null; percent: Decimal | null } {
  if (before === null || after === null) return { change: null, percent: null };
  const change = subtractMoney(after, before);
  if (before.amount.isZero()) return { change, percent: null };
  return { change, percent: change.amount.div(before.amount).times(100).toDecimalPlaces(2, Decimal.ROUND_HALF_EVEN) };
}
