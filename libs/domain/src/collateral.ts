import type { Decimal } from './decimal';

/** A holding pledged besides cash and positions, valued at quantity × price × (1 − haircut). */
export interface CollateralHolding {
  readonly asset: string;
  readonly quantity: Decimal;
  /** Price per unit [base currency of the portfolio unless `currency` is given]. */
  readonly price: Decimal;
  readonly currency?: string;
  /** Fraction of the value not counted, 0…1. */
  readonly haircut?: number;
  /** Fractions charged by CRYPTO_PMRM, its confidence in the price, and whether the holding offsets price scenarios. */
  readonly imHaircut?: number;
  readonly mmHaircut?: number;
  readonly confidence?: number;
  readonly riskCancelling?: boolean;
}

/** Cash of one currency; negative means a debit balance. */
export interface CashBalance {
  readonly currency: string;
  readonly amount: Decimal;
}
