import type { PmrmAccount } from './crypto-pmrm-account';
import type { Quantities } from './crypto-pmrm-book';
import { computePmrmCollateralCharges } from './crypto-pmrm-contingency';
import { computePmrmHealth, type PmrmHealth } from './crypto-pmrm-health';
import type { PmrmParameters } from './crypto-pmrm-parameters';

/** Figures of a whole account [quote currency]. */
export interface PmrmAccountHealth {
  readonly books: readonly PmrmHealth[];
  readonly collateral: ReturnType<typeof computePmrmCollateralCharges>;
  readonly markToMarket: number;
  readonly initialCharge: number;
  readonly maintenanceCharge: number;
}

/** Adds up books, collateral charges and collateral value of an account in given quantities. */
export function computePmrmAccountHealth(
  account: PmrmAccount,
  quantities: Quantities,
  parameters: PmrmParameters,
): PmrmAccountHealth {
  const books = account.books.map((book) => computePmrmHealth(book, quantities, parameters));
  const collateral = computePmrmCollateralCharges(account.collateral, parameters.otherContingency);
  const { maintenance, initial, confidence } = collateral;
  const pledged = account.collateral.reduce((sum, { value }) => sum + value, 0);
  return {
    books,
    collateral,
    markToMarket: books.reduce((sum, book) => sum + book.markToMarket, pledged),
    initialCharge: books.reduce((sum, book) => sum + book.initialCharge, maintenance + initial + confidence),
    maintenanceCharge: books.reduce((sum, book) => sum + book.maintenanceCharge, maintenance),
  };
}
