/** One contract of CRYPTO_PM in numbers. */
export interface CryptoPmContract {
  readonly instrumentId: string;
  /** Whether its result is in coin. */
  readonly inverse: boolean;
  /** Identity of its expiry in the roll shock [year]: 0 for perpetuals, null for the coin itself, which does not roll. */
  readonly rollYears: number | null;
  /** Delta of one contract long [coin]. */
  readonly delta: number;
  /** Profit of one contract long in each scenario, gain > 0 [base currency at the unshocked index]. */
  readonly pnls: Float64Array;
}
