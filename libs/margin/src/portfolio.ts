import type {
  CashBalance,
  CollateralHolding,
  Decimal,
  Instant,
  Instrument,
  Methodology,
  ScheduleLimits,
} from '@ballast/domain';

/** One holding of the portfolio with its contract terms. */
export interface PortfolioPosition {
  readonly instrument: Instrument;
  /** Contracts held: long > 0, short < 0. */
  readonly quantity: Decimal;
  /** Average price paid per unit [instrument currency]; base of unrealised profit of futures-style instruments. */
  readonly averagePrice?: Decimal;
  /** Unrealised profit stated by the source [instrument currency], where it wins over price − averagePrice. */
  readonly unrealisedPnl?: Decimal;
}

/** A ready sensitivity in the industry's CRIF terms, input of the sensitivity methodology. */
export interface Sensitivity {
  readonly productClass: string;
  readonly riskType: 'Risk_Equity' | 'Risk_EquityVol';
  readonly qualifier: string;
  readonly bucket: string;
  readonly tenor: string;
  readonly amountUsd: number;
}

/** Everything an account holds at one instant: the first argument of every methodology. */
export interface Portfolio {
  readonly asOf: Instant;
  readonly methodology: Methodology;
  /** Currency in which requirement, equity and buffer are stated. */
  readonly baseCurrency: string;
  readonly positions: readonly PortfolioPosition[];
  readonly cash: readonly CashBalance[];
  readonly collateral: readonly CollateralHolding[];
  /** Concentration limits of the collateral; they bear on equity, not on the requirement. */
  readonly collateralLimits?: readonly ScheduleLimits[];
  readonly sensitivities?: readonly Sensitivity[];
  /** Contracts known besides the held ones: SPAN takes the multiplier of an underlying's future from here. */
  readonly listedInstruments?: readonly Instrument[];
}
