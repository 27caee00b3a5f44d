import { Decimal } from '@ballast/domain';
import type { AccountOfRun } from './report-statements';

/** What the accounts of one currency add up to; those without figures are left out. */
export interface CurrencySums {
  accounts: number;
  /** Accounts whose equity is below maintenance. */
  short: number;
  equity: Decimal;
  maintenance: Decimal;
  initial: Decimal;
  collateral: Decimal;
  /** Sum of what equity is short of maintenance, ≥ 0. */
  deficit: Decimal;
  /** The largest deficits first, equal ones in order of account codes; `deficitsShown` at most. */
  readonly largest: AccountOfRun[];
}

const deficitsShown = 10;

/** Adds up the requirements of a run in constant memory. Amounts of different currencies are neither added nor compared. */
export class RunSums {
  readonly statuses = new Map<string, number>();
  readonly qualities = new Map<string, number>();
  readonly totals = new Map<string, CurrencySums>();

  /** To be called in order of account codes. */
  add(evaluated: AccountOfRun): void {
    const { requirement } = evaluated;
    const { status, quality, currency, equity, buffer, maintenanceRequirement, initialRequirement } = requirement;
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    this.qualities.set(quality, (this.qualities.get(quality) ?? 0) + 1);
    const totals = this.totals.get(currency) ?? emptySums();
    this.totals.set(currency, totals);
    if (equity === null || buffer === null || maintenanceRequirement === null || initialRequirement === null) return;
    totals.accounts += 1;
    totals.equity = totals.equity.plus(equity.amount);
    totals.maintenance = totals.maintenance.plus(maintenanceRequirement.amount);
    totals.initial = totals.initial.plus(initialRequirement.amount);
    totals.collateral = totals.collateral.plus(requirement.collateralValue?.amount ?? 0);
    if (!buffer.amount.isNegative()) return;
    totals.short += 1;
    totals.deficit = totals.deficit.minus(buffer.amount);
    totals.largest.push(evaluated);
    totals.largest.sort(byDeficit);
    totals.largest.length = Math.min(totals.largest.length, deficitsShown);
  }

  /** The largest deficits of each currency, currency by currency in order of their codes. */
  deficits(): readonly AccountOfRun[] {
    return [...this.totals].sort(([left], [right]) => (left < right ? -1 : 1)).flatMap(([, { largest }]) => largest);
  }
}

function emptySums(): CurrencySums {
  const zero = new Decimal(0);
  const amounts = { equity: zero, maintenance: zero, initial: zero, collateral: zero, deficit: zero };
  return { accounts: 0, short: 0, ...amounts, largest: [] };
}

function byDeficit({ requirement: left }: AccountOfRun, { requirement: right }: AccountOfRun): number {
  return (left.buffer?.amount ?? new Decimal(0)).cmp(right.buffer?.amount ?? 0);
}
