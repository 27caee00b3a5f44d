import type { CalendarDate } from './calendar/calendar-date';
import type { CashBalance } from './collateral';
import type { Decimal } from './decimal';
import type { OptionRight } from './instrument';
import type { Money } from './money';

/** Terms by which an outside house names an option, where its symbol is not our identifier. */
export interface StatedContract {
  /** Root of the option class, for example `AAPL`. */
  readonly root: string;
  /** Last trading day. */
  readonly expiryDate: string;
  readonly right: OptionRight;
  /** [currency/unit] */
  readonly strike: Decimal;
}

/** A position as a clearing house or prime broker states it. */
export interface StatedPosition {
  /** Identifier as the statement writes it, without padding. */
  readonly instrumentId: string;
  /** Present where the symbol says the terms. */
  readonly contract?: StatedContract;
  /** Contracts: long > 0, short < 0. */
  readonly quantity: Decimal;
  /** Settlement or mark price per unit [contract currency]; absent = not stated. */
  readonly price?: Decimal;
}

/** A pledged asset as the statement has it; what is absent is not compared. */
export interface StatedCollateral {
  readonly asset: string;
  /** Units; for securities the face amount. */
  readonly quantity?: Decimal;
  /** Price per unit. */
  readonly price?: Decimal;
  /** Value after every haircut [valueCurrency]. */
  readonly value?: Decimal;
  /** Currency of `value`; absent = the account's base currency. */
  readonly valueCurrency?: string;
}

/** Figures of one account that an outside house computed; what is absent is not compared. */
export interface StatedFigures {
  readonly initialRequirement?: Money;
  readonly maintenanceRequirement?: Money;
  readonly equity?: Money;
  readonly collateralValue?: Money;
}

/** What an outside house says about one account. */
export interface AccountStatement {
  readonly accountCode: string;
  readonly positions: readonly StatedPosition[];
  readonly cash: readonly CashBalance[];
  readonly collateral: readonly StatedCollateral[];
  readonly figures: StatedFigures;
}

/** Lists that a statement can be complete in. */
export type StatementSection = 'positions' | 'cash' | 'collateral';

/** A statement of a clearing house or prime broker. */
export interface Statement {
  readonly format: 'csv' | 'activity-xml';
  /** Day for which it was made, where the file says. */
  readonly date: CalendarDate | null;
  /** Lists that the file carries: what they leave out is said not to be there. Other lists are not compared. */
  readonly sections: ReadonlySet<StatementSection>;
  /** True when an account that the file leaves out should hold nothing; false for a file of some accounts. */
  readonly coversFirm: boolean;
  /** In order of the account's code. */
  readonly accounts: readonly AccountStatement[];
}
