import type { DataQuality, Decimal, Instrument, InstrumentQuote, Money } from '@ballast/domain';

/** Every kind of disagreement between our record and a statement; stable words. */
export const breakKinds = [
  'ACCOUNT_MISSING_IN_RUN',
  'ACCOUNT_MISSING_IN_STATEMENT',
  'POSITION_MISSING_IN_RUN',
  'POSITION_MISSING_IN_STATEMENT',
  'POSITION_QUANTITY',
  'PRICE',
  'CASH',
  'COLLATERAL_MISSING_IN_RUN',
  'COLLATERAL_MISSING_IN_STATEMENT',
  'COLLATERAL_QUANTITY',
  'COLLATERAL_PRICE',
  'COLLATERAL_VALUE',
  'COLLATERAL_TOTAL',
  'INITIAL_REQUIREMENT',
  'MAINTENANCE_REQUIREMENT',
  'EQUITY',
] as const;
export type BreakKind = (typeof breakKinds)[number];

/** A disagreement. `difference` = theirs − ours. */
export interface StatementBreak {
  readonly kind: BreakKind;
  /** Instrument, asset, currency or figure; empty for whole accounts. */
  readonly item: string;
  /** Null when our side has nothing, or cannot be known. */
  readonly ours: Decimal | null;
  /** Null when the statement has nothing. */
  readonly theirs: Decimal | null;
  readonly difference: Decimal | null;
  /** Of amounts and prices; null for quantities. */
  readonly currency: string | null;
}

/** How far two values may lie apart: within either bound is agreement. */
export interface Tolerance {
  /** [unit of the value], ≥ 0 */
  readonly absolute: Decimal;
  /** Share of the larger of the two, ≥ 0. */
  readonly relative: Decimal;
}

/** A tolerance of money: what is a cent of a dollar is a fortune of a coin. */
export interface MoneyTolerance extends Omit<Tolerance, 'absolute'> {
  /** [unit of the value], ≥ 0; null = the bound that the currency has (moneyBound, priceBound). */
  readonly absolute: Decimal | null;
}

/** Tolerances by what is compared. */
export interface ReconciliationTolerances {
  /** Contracts and units of collateral. */
  readonly quantity: Tolerance;
  /** Prices per unit; null = priceBound of their currency. */
  readonly price: MoneyTolerance;
  /** Money: cash, values, requirements, equity; null = moneyBound of their currency. */
  readonly amount: MoneyTolerance;
}

/** A position of ours as the run saw it. */
export interface OwnPosition {
  readonly instrument: Instrument;
  readonly quantity: Decimal;
  /** Mark per unit that the run valued it at [instrument currency]; null when there was none. */
  readonly price: Decimal | null;
  readonly quote: InstrumentQuote | null;
}

/** A pledged asset as the run counted it. */
export interface OwnCollateral {
  readonly asset: string;
  readonly quantity: Decimal;
  readonly price: Decimal | null;
  readonly currency: string | null;
  /** After every haircut [base currency]; null when it could not be valued. */
  readonly value: Decimal | null;
}

/** What a run held and found for one account. */
export interface OwnAccount {
  readonly accountCode: string;
  readonly baseCurrency: string;
  readonly positions: readonly OwnPosition[];
  readonly cash: readonly { readonly currency: string; readonly amount: Decimal }[];
  readonly collateral: readonly OwnCollateral[];
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  /** Null exactly when INDETERMINATE. */
  readonly initialRequirement: Money | null;
  readonly maintenanceRequirement: Money | null;
  readonly equity: Money | null;
  readonly collateralValue: Money | null;
}

/** What a comparison found: breaks in a fixed order, and how many values agreed. */
export interface AccountComparison {
  readonly matched: number;
  readonly breaks: readonly StatementBreak[];
}

/** One input that the statement has differently, and what it does to our figures [base currency]. */
export interface CauseStep {
  readonly input: 'position' | 'price' | 'cash' | 'collateral' | 'collateral-price' | 'collateral-value';
  readonly item: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  /** Change of the figure when this input is taken from the statement, after those before it; null when it cannot be valued. */
  readonly effect: string | null;
}

/** A line of the breakdown that moves when the statement's inputs are taken. */
export interface CauseComponent {
  readonly kind: string;
  readonly label: string;
  readonly ours: string;
  readonly recomputed: string;
  readonly change: string;
}

/** Why a value differs, as far as our own record and model can tell. */
export interface BreakCause {
  /** One sentence for a person. */
  readonly summary: string;
  readonly steps: readonly CauseStep[];
  readonly components: readonly CauseComponent[];
  /** Our figure on the statement's inputs; null where nothing was recomputed. */
  readonly recomputed: string | null;
  /** Theirs − recomputed: what no input explains; null where nothing was recomputed. */
  readonly unexplained: string | null;
}
