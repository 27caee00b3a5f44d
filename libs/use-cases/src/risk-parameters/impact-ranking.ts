import { Decimal, type MarketSnapshot, type Money } from '@ballast/domain';
import { currencyRate } from '@ballast/margin';
import type { AccountResult, ParameterImpactRow, ParameterImpactTotal } from '@ballast/persistence';

/** One account evaluated with the parameters in effect and with the proposed ones. */
export interface ImpactPair {
  readonly before: AccountResult;
  readonly after: AccountResult;
}

/** Puts two evaluations of an account side by side. */
export function toImpactRow({ before, after }: ImpactPair): ParameterImpactRow {
  const amount = (result: AccountResult, side: 'initialRequirement' | 'maintenanceRequirement'): Money | null =>
    result.quality === 'INDETERMINATE' ? null : result.requirement[side];
  return {
    accountId: after.accountId,
    methodology: after.requirement.methodology,
    currency: after.baseCurrency,
    initialBefore: amount(before, 'initialRequirement'),
    initialAfter: amount(after, 'initialRequirement'),
    maintenanceBefore: amount(before, 'maintenanceRequirement'),
    maintenanceAfter: amount(after, 'maintenanceRequirement'),
    statusBefore: before.status,
    statusAfter: after.status,
    qualityBefore: before.quality,
    qualityAfter: after.quality,
    reasons: after.quality === 'INDETERMINATE' ? after.qualityReasons : [],
  };
}

/**
 * Orders accounts by the size of their move, largest first: who loses or gains a figure altogether, then by the larger of
 * the changes of initial and maintenance, converted to US dollars where the market has a rate and taken as they are
 * where not; equal moves by identifier.
 */
export function rankImpact(
  rows: readonly ParameterImpactRow[],
  snapshot: MarketSnapshot,
): readonly ParameterImpactRow[] {
  const rates = new Map<string, number>();
  const rateOf = (currency: string): number => {
    const rate = rates.get(currency) ?? dollarRate(snapshot, currency);
    rates.set(currency, rate);
    return rate;
  };
  return rows
    .map((row) => ({ row, size: moveSize(row) * rateOf(row.currency) }))
    .sort((left, right) => right.size - left.size || (left.row.accountId < right.row.accountId ? -1 : 1))
    .map(({ row }) => row);
}

/** Adds up the requirements by methodology and base currency, over accounts with figures on both sides. */
export function totalImpact(rows: readonly ParameterImpactRow[]): readonly ParameterImpactTotal[] {
  const groups = new Map<string, ParameterImpactRow[]>();
  for (const row of rows) {
    const key = `${row.methodology} ${row.currency}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, members]) => totalOf(members));
}

function totalOf(members: readonly ParameterImpactRow[]): ParameterImpactTotal {
  const { methodology, currency } = members[0] as ParameterImpactRow;
  const known = members.filter((row) => row.maintenanceBefore !== null && row.maintenanceAfter !== null);
  const sum = (amountOf: (row: ParameterImpactRow) => Money | null): string =>
    known.reduce((total, row) => total.plus(amountOf(row)?.amount ?? 0), new Decimal(0)).toFixed();
  return {
    methodology,
    currency,
    accountCount: members.length,
    changedCount: members.filter((row) => moveSize(row) > 0).length,
    initialBefore: sum((row) => row.initialBefore),
    initialAfter: sum((row) => row.initialAfter),
    maintenanceBefore: sum((row) => row.maintenanceBefore),
    maintenanceAfter: sum((row) => row.maintenanceAfter),
  };
}

function moveSize(row: ParameterImpactRow): number {
  if ((row.maintenanceBefore === null) !== (row.maintenanceAfter === null)) return Number.POSITIVE_INFINITY;
  const change = (before: Money | null, after: Money | null): number =>
    before === null || after === null ? 0 : after.amount.minus(before.amount).abs().toNumber();
  return Math.max(change(row.initialBefore, row.initialAfter), change(row.maintenanceBefore, row.maintenanceAfter));
}

function dollarRate(snapshot: MarketSnapshot, currency: string): number {
  try {
    return currencyRate(snapshot, { from: currency, to: 'USD' });
  } catch {
    return 1;
  }
}
