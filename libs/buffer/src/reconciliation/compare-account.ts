import {
  type AccountStatement,
  Decimal,
  type Money,
  type StatedCollateral,
  type StatementSection,
} from '@ballast/domain';
import { pairPositions } from './pair-positions';
import type {
  AccountComparison,
  BreakKind,
  OwnAccount,
  ReconciliationTolerances,
  StatementBreak,
  Tolerance,
} from './statement-break';

/** Tells whether two values agree: |theirs − ours| ≤ absolute, or ≤ relative × the larger of both sizes. */
export function isWithinTolerance(
  { ours, theirs }: { readonly ours: Decimal; readonly theirs: Decimal },
  { absolute, relative }: Tolerance,
): boolean {
  const distance = theirs.minus(ours).abs();
  if (distance.lessThanOrEqualTo(absolute)) return true;
  return distance.lessThanOrEqualTo(relative.times(Decimal.max(ours.abs(), theirs.abs())));
}

/**
 * Compares what a run held and found for one account with what a statement says of it: positions and their prices, cash,
 * collateral, requirements and equity. Lists that the statement does not carry are not compared; in those it carries, what
 * it leaves out is zero there. An amount of ours that is unknown (INDETERMINATE) never agrees.
 *
 * @returns breaks in the order positions, prices, cash, collateral, figures; within them by item
 */
export function compareAccount(input: {
  readonly ours: OwnAccount;
  readonly stated: AccountStatement;
  readonly sections: ReadonlySet<StatementSection>;
  readonly tolerances: ReconciliationTolerances;
}): AccountComparison {
  const { ours, stated, sections, tolerances } = input;
  const found = new Findings();
  if (sections.has('positions')) comparePositions(found, ours, stated, tolerances);
  if (sections.has('cash')) compareCash(found, ours, stated, tolerances.amount);
  if (sections.has('collateral')) compareCollateral(found, ours, stated, tolerances);
  compareFigures(found, ours, stated, tolerances.amount);
  return { matched: found.matched, breaks: found.breaks };
}

class Findings {
  readonly breaks: StatementBreak[] = [];
  matched = 0;

  /** Notes one pair of values. */
  compare(
    place: { readonly kind: BreakKind; readonly item: string; readonly currency: string | null },
    values: { readonly ours: Decimal | null; readonly theirs: Decimal },
    tolerance: Tolerance,
  ): void {
    const { ours, theirs } = values;
    if (ours !== null && isWithinTolerance({ ours, theirs }, tolerance)) this.matched += 1;
    else this.breaks.push({ ...place, ours, theirs, difference: ours === null ? null : theirs.minus(ours) });
  }

  missing(kind: BreakKind, item: string, side: { readonly ours?: Decimal; readonly theirs?: Decimal }): void {
    const { ours = null, theirs = null } = side;
    const difference = (theirs ?? zero).minus(ours ?? zero);
    this.breaks.push({ kind, item, ours, theirs, difference, currency: null });
  }
}

const zero = new Decimal(0);

function comparePositions(
  found: Findings,
  ours: OwnAccount,
  stated: AccountStatement,
  tolerances: ReconciliationTolerances,
): void {
  const pairs = pairPositions(ours.positions, stated.positions);
  for (const { item, own, theirs } of pairs) {
    if (own !== null && theirs !== null) {
      const values = { ours: own.quantity, theirs: theirs.quantity };
      found.compare({ kind: 'POSITION_QUANTITY', item, currency: null }, values, tolerances.quantity);
    } else if (own !== null && !own.quantity.isZero())
      found.missing('POSITION_MISSING_IN_STATEMENT', item, { ours: own.quantity });
    else if (theirs !== null && !theirs.quantity.isZero())
      found.missing('POSITION_MISSING_IN_RUN', item, { theirs: theirs.quantity });
  }
  for (const { item, own, theirs } of pairs) {
    if (own === null || theirs?.price === undefined) continue;
    const place = { kind: 'PRICE', item, currency: own.instrument.currency } as const;
    found.compare(place, { ours: own.price, theirs: theirs.price }, tolerances.price);
  }
}

function compareCash(found: Findings, ours: OwnAccount, stated: AccountStatement, tolerance: Tolerance): void {
  const own = new Map(ours.cash.map(({ currency, amount }) => [currency, amount]));
  const theirs = new Map(stated.cash.map(({ currency, amount }) => [currency, amount]));
  for (const currency of [...new Set([...own.keys(), ...theirs.keys()])].sort()) {
    const values = { ours: own.get(currency) ?? zero, theirs: theirs.get(currency) ?? zero };
    if (values.ours.isZero() && values.theirs.isZero() && !theirs.has(currency)) continue;
    found.compare({ kind: 'CASH', item: currency, currency }, values, tolerance);
  }
}

function compareCollateral(
  found: Findings,
  ours: OwnAccount,
  stated: AccountStatement,
  tolerances: ReconciliationTolerances,
): void {
  const own = new Map(ours.collateral.map((holding) => [holding.asset, holding]));
  const theirs = new Map(stated.collateral.map((holding) => [holding.asset, holding]));
  for (const asset of [...new Set([...own.keys(), ...theirs.keys()])].sort()) {
    const [mine, other] = [own.get(asset), theirs.get(asset)];
    if (mine === undefined) {
      if (other !== undefined && !isNothing(other))
        found.missing('COLLATERAL_MISSING_IN_RUN', asset, { theirs: other.quantity ?? other.value ?? zero });
      continue;
    }
    if (other === undefined) {
      found.missing('COLLATERAL_MISSING_IN_STATEMENT', asset, { ours: mine.quantity });
      continue;
    }
    const compare = (
      kind: BreakKind,
      currency: string | null,
      mineValue: Decimal | null,
      value: Decimal | undefined,
    ) =>
      value === undefined
        ? undefined
        : found.compare(
            { kind, item: asset, currency },
            { ours: mineValue, theirs: value },
            toleranceOf[kind](tolerances),
          );
    compare('COLLATERAL_QUANTITY', null, mine.quantity, other.quantity);
    compare('COLLATERAL_PRICE', mine.currency, mine.price, other.price);
    compare('COLLATERAL_VALUE', ours.baseCurrency, mine.value, other.value);
  }
}

const toleranceOf = {
  COLLATERAL_QUANTITY: ({ quantity }: ReconciliationTolerances) => quantity,
  COLLATERAL_PRICE: ({ price }: ReconciliationTolerances) => price,
  COLLATERAL_VALUE: ({ amount }: ReconciliationTolerances) => amount,
} as Readonly<Record<BreakKind, (tolerances: ReconciliationTolerances) => Tolerance>>;

function isNothing({ quantity, value }: StatedCollateral): boolean {
  return (quantity ?? zero).isZero() && (value ?? zero).isZero();
}

function compareFigures(found: Findings, ours: OwnAccount, stated: AccountStatement, tolerance: Tolerance): void {
  const { figures } = stated;
  const compare = (kind: BreakKind, item: string, own: Money | null, theirs: Money | undefined): void => {
    if (theirs === undefined) return;
    const { currency } = theirs;
    // Amounts of different currencies do not agree, whatever their digits.
    const isComparable = own === null || own.currency === currency;
    found.compare({ kind, item, currency }, { ours: isComparable ? (own?.amount ?? null) : null, theirs: theirs.amount }, tolerance); // prettier-ignore
  };
  compare('COLLATERAL_TOTAL', 'collateral-value', ours.collateralValue, figures.collateralValue);
  compare('INITIAL_REQUIREMENT', 'initial-requirement', ours.initialRequirement, figures.initialRequirement);
  compare('MAINTENANCE_REQUIREMENT', 'maintenance-requirement', ours.maintenanceRequirement, figures.maintenanceRequirement); // prettier-ignore
  compare('EQUITY', 'equity', ours.equity, figures.equity);
}
