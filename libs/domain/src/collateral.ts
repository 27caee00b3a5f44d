import type { Decimal } from './decimal';

/** What a pledged asset is: decides where its price comes from when none is stated. */
export const collateralKinds = ['security', 'coin', 'commodity', 'other'] as const;
export type CollateralKind = (typeof collateralKinds)[number];

/** A holding pledged besides cash and positions, valued at quantity × price × (1 − haircut). */
export interface CollateralHolding {
  readonly asset: string;
  /** Whose price moves it where its name is another one: of shares pledged by ISIN. */
  readonly underlying?: string;
  readonly quantity: Decimal;
  /** Price per unit [base currency of the portfolio unless `currency` is given]. */
  readonly price: Decimal;
  readonly currency?: string;
  /** Fraction of the value not counted, 0…1. */
  readonly haircut?: number;
  /** Class under which concentration limits add holdings up, for example `T-Notes`. */
  readonly assetClass?: string;
  readonly kind?: CollateralKind;
  readonly rating?: string;
  /** Last day of a security's life, `2031-05-15`. */
  readonly maturity?: string;
  /** Name of the haircut schedule whose concentration limits hold for it; absent = those of no schedule. */
  readonly schedule?: string;
  /** Why the holding counts nothing, whatever its haircut; absent = it counts. */
  readonly ineligible?: string;
  /** Fractions charged by CRYPTO_PMRM, its confidence in the price, and whether the holding offsets price scenarios. */
  readonly imHaircut?: number;
  readonly mmHaircut?: number;
  readonly confidence?: number;
  readonly riskCancelling?: boolean;
}

/** A pledged holding as the record knows it; its haircut follows from a dated schedule, its price may from the market. */
export interface CollateralPosition {
  /** Identifier, for example an ISIN or `BTC`; unique within an account. */
  readonly asset: string;
  readonly kind: CollateralKind;
  /** Class of the schedule, for example `T-Notes`. */
  readonly assetClass: string;
  /** Rating as the schedule writes it. */
  readonly rating?: string;
  /** Last day of the security's life, `2031-05-15`; absent for assets without one. */
  readonly maturity?: string;
  /** Name of the haircut schedule. */
  readonly schedule: string;
  /** Units (for securities: face amount) pledged; > 0. */
  readonly quantity: Decimal;
  /** Price per unit [currency], 0.99 for a bond at 99 %; absent = the market snapshot's price of the asset. */
  readonly price?: Decimal;
  /** Currency of `price`; absent exactly when the price is the market's. */
  readonly currency?: string;
  /** What the record knows the asset to be, where its name is not that of an underlying; never stated with it. */
  readonly share?: PledgedShare;
}

/** A holding of an underlying under a name of its own, for example an ISIN. */
export interface PledgedShare {
  readonly underlying: string;
  /** Units of the underlying per unit of the asset, > 0. */
  readonly multiplier: Decimal;
}

/** The underlying whose price moves a pledged holding: that of its name, unless it is known to be another one's. */
export function movedBy({ asset, underlying }: Pick<CollateralHolding, 'asset' | 'underlying'>): string {
  return underlying ?? asset;
}

/** Cash of one currency; negative means a debit balance. */
export interface CashBalance {
  readonly currency: string;
  readonly amount: Decimal;
}
