import type { RequirementParts } from '../requirement-parts';
import type { PmrmAccount } from './crypto-pmrm-account';
import type { Quantities } from './crypto-pmrm-book';
import { computePmrmCollateralCharges } from './crypto-pmrm-contingency';
import { computePmrmHealth } from './crypto-pmrm-health';
import type { PmrmParameters } from './crypto-pmrm-parameters';

/**
 * Takes a CRYPTO_PMRM requirement apart: an underlying contributes the maintenance charge of its book and of the collateral
 * named after it; collateral of no underlying stays as it is.
 *
 * @param quantities    net contracts in the portfolio's canonical order
 * @param input.toBase  base currency per unit of the account's quote currency
 */
export function takePmrmApart(
  account: PmrmAccount,
  quantities: Quantities,
  { parameters, toBase }: { readonly parameters: PmrmParameters; readonly toBase: number },
): RequirementParts {
  const ids = account.books.map(({ underlying }) => underlying);
  const haircutOf = (belongs: (asset: string) => boolean) =>
    computePmrmCollateralCharges(
      account.collateral.filter(({ asset }) => belongs(asset)),
      parameters.otherContingency,
    ).maintenance;
  const rest = haircutOf((asset) => !ids.includes(asset));
  return {
    parts: account.books.map((book) => ({
      underlying: book.underlying,
      figures: Float64Array.of(
        computePmrmHealth(book, quantities, parameters).maintenanceCharge,
        haircutOf((asset) => asset === book.underlying),
      ),
    })),
    maintenanceOf: (figures) => {
      let charge = rest;
      for (const own of figures) charge += own[1] as number;
      for (const own of figures) charge += own[0] as number;
      return Math.max(0, charge * toBase);
    },
  };
}
