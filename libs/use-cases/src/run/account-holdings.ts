import type { CashBalance, CollateralPosition, Position } from '@ballast/domain';

/** What an account held, as the stores know it. */
export interface AccountHoldings {
  readonly positions: readonly Position[];
  readonly cash: readonly CashBalance[];
  readonly collateral: readonly CollateralPosition[];
}
