import {
  type AccountStatement,
  currencyUnit,
  Decimal,
  type Money,
  type StatedCollateral,
  type StatementSection,
} from '@ballast/domain';
import { pairPositions } from './pair-positions';
import type {
  AccountComparison,
  BreakKind,
  MoneyTolerance,
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

/** How far amounts of a currency lie apart by rounding alone: one minor unit. */
export const moneyBound = currencyUnit;

/** How far prices may be written apart: 0.0001, or one minor unit of the currency where that is finer. */
export function priceBound(currency: string): Decimal {
  return Decimal.min('0.0001', moneyBound(currency));
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
  if (sections.has('cash')) compareCash(found, ours, stated, amountsWithin(tolerances));
  if (sections.has('collateral')) compareCollateral(found, ours, stated, tolerances);
  compareFigures(found, ours, stated, amountsWithin(tolerances));
  return { matched: found.matched, breaks: found.breaks };
}

/** The tolerance of a currency. */
type ToleranceOf = (currency: string) => Tolerance;

const within =
  ({ absolute, relative }: MoneyTolerance, bound: (currency: string) => Decimal): ToleranceOf =>
  (currency) => ({ absolute: absolute ?? bound(currency), relative });
const amountsWithin = ({ amount }: ReconciliationTolerances): ToleranceOf => within(amount, moneyBound);
const pricesWithin = ({ price }: ReconciliationTolerances): ToleranceOf => within(price, priceBound);

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
  const tolerance = pricesWithin(tolerances);
  for (const { item, own, theirs } of pairs) {
    if (own === null || theirs?.price === undefined) continue;
    const { currency } = own.instrument;
    found.compare({ kind: 'PRICE', item, currency }, { ours: own.price, theirs: theirs.price }, tolerance(currency));
  }
}

function compareCash(found: Findings, ours: OwnAccount, stated: AccountStatement, tolerance: ToleranceOf): void {
  const own = new Map(ours.cash.map(({ currency, amount }) => [currency, amount]));
  const theirs = new Map(stated.cash.map(({ currency, amount }) => [currency, amount]));
  for (const currency of [...new Set([...own.keys(), ...theirs.keys()])].sort()) {
    const values = { ours: own.get(currency) ?? zero, theirs: theirs.get(currency) ?? zero };
    if (values.ours.isZero() && values.theirs.isZero()) continue;
    found.compare({ kind: 'CASH', item: currency, currency }, values, tolerance(currency));
  }
}

function compareCollateral(
  found: Findings,
  ours: OwnAccount,
  stated: AccountStatement,
  tolerances: ReconciliationTolerances,
): void {
  const pledged = new Map(ours.collateral.map((holding) => [holding.asset, holding]));
  const theirs = new Map(stated.collateral.map((holding) => [holding.asset, holding]));
  for (const asset of [...new Set([...pledged.keys(), ...theirs.keys()])].sort()) {
    const [mine, other] = [pledged.get(asset), theirs.get(asset)];
    if (mine === undefined) {
      if (other !== undefined && !isNothing(other))
        found.missing('COLLATERAL_MISSING_IN_RUN', asset, { theirs: other.quantity ?? other.value ?? zero });
      continue;
    }
    if (other === undefined) {
      found.missing('COLLATERAL_MISSING_IN_STATEMENT', asset, { ours: mine.quantity });
      continue;
    }
    const currency = mine.currency ?? ours.baseCurrency;
    if (other.quantity !== undefined)
      found.compare({ kind: 'COLLATERAL_QUANTITY', item: asset, currency: null }, { ours: mine.quantity, theirs: other.quantity }, tolerances.quantity); // prettier-ignore
    if (other.price !== undefined)
      found.compare({ kind: 'COLLATERAL_PRICE', item: asset, currency }, { ours: mine.price, theirs: other.price }, pricesWithin(tolerances)(currency)); // prettier-ignore
    const { value, valueCurrency = ours.baseCurrency } = other;
    if (value === undefined) continue;
    const place = { kind: 'COLLATERAL_VALUE', item: asset, currency: valueCurrency } as const;
    const own = valueCurrency === ours.baseCurrency ? mine.value : null;
    found.compare(place, { ours: own, theirs: value }, amountsWithin(tolerances)(valueCurrency));
  }
}

function isNothing({ quantity, value }: StatedCollateral): boolean {
  return (quantity ?? zero).isZero() && (value ?? zero).isZero();
}

function compareFigures(found: Findings, ours: OwnAccount, stated: AccountStatement, tolerance: ToleranceOf): void {
  const { figures } = stated;
  const compare = (kind: BreakKind, item: string, own: Money | null, theirs: Money | undefined): void => {
    if (theirs === undefined) return;
    const { currency } = theirs;
    // Amounts of different currencies do not agree, whatever their digits.
    const isComparable = own === null || own.currency === currency;
    found.compare({ kind, item, currency }, { ours: isComparable ? (own?.amount ?? null) : null, theirs: theirs.amount }, tolerance(currency)); // prettier-ignore
  };
  compare('COLLATERAL_TOTAL', 'collateral-value', ours.collateralValue, figures.collateralValue);
  compare('INITIAL_REQUIREMENT', 'initial-requirement', ours.initialRequirement, figures.initialRequirement);
  compare('MAINTENANCE_REQUIREMENT', 'maintenance-requirement', ours.maintenanceRequirement, figures.maintenanceRequirement); // prettier-ignore
  compare('EQUITY', 'equity', ours.equity, figures.equity);
}
