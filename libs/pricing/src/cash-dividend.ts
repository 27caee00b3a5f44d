/** A known cash dividend. */
export interface CashDividend {
  /** Time to payment (ex-date and payment taken as one), ACT/365F [year] > 0. */
  readonly yearsToPayment: number;
  /** Amount [currency/unit] ≥ 0. */
  readonly amount: number;
}

/**
 * What the volatility belongs to: `spot`, the whole price, which drops by the cash amount at each payment (Haug, Haug and
 * Lewis 2003); `escrowed`, the price less the present value of the dividends to come. The same number means a different
 * option price, by up to 1.8 %: use the convention the volatility was implied with.
 */
export type CashDividendConvention = 'spot' | 'escrowed';
