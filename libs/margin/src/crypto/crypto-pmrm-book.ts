/** One option contract of an expiry, valued once. */
export interface PmrmOption {
  readonly instrumentId: string;
  /** Place of the contract in the portfolio's canonical order. */
  readonly place: number;
  /** [USD per coin] */
  readonly strike: number;
  /** Coins per contract. */
  readonly multiplier: number;
  /** Discounted Black-76 value of one coin unshocked [USD]. */
  readonly baseValue: number;
  /** The same in each scenario, then at the basis shock up and down [USD]. */
  readonly scenarioValues: Float64Array;
}

/** All options of one expiry with their forward market. */
export interface PmrmExpiry {
  /** RFC 3339 instant, used in labels. */
  readonly label: string;
  readonly secondsToExpiry: number;
  /** Continuously compounded rate [1/year], any sign. */
  readonly rate: number;
  /** Smallest confidence among forward, rate and volatilities, 0…1. */
  readonly confidence: number;
  readonly options: readonly PmrmOption[];
}

/** A perpetual, or the coin itself held as a position, which counts as risk-cancelling collateral without haircut. */
export interface PmrmLinear {
  readonly place: number;
  /** Coins per contract. */
  readonly multiplier: number;
  /** [USD per coin] */
  readonly price: number;
}

/** Collateral that offsets the scenarios of one underlying. */
export interface PmrmOffsettingCollateral {
  /** Quantity × price / stablecoin price [USD]. */
  readonly value: number;
}

/** Everything CRYPTO_PMRM scans together: one underlying with its expiries, perpetuals and offsetting holdings. */
export interface PmrmBook {
  readonly underlying: string;
  /** [USD per coin] */
  readonly spot: number;
  readonly spotConfidence: number;
  /** Price of the stablecoin cash is held in [USD]. */
  readonly stablePrice: number;
  /** Ascending by expiry. */
  readonly expiries: readonly PmrmExpiry[];
  readonly perpetuals: readonly PmrmLinear[];
  readonly perpetualConfidence: number;
  /** Unrealised profit and funding of the perpetual [USD]. */
  readonly perpetualUnrealised: number;
  readonly coins: readonly PmrmLinear[];
  readonly collateral: readonly PmrmOffsettingCollateral[];
}

/** One pledged holding as the contingencies see it. */
export interface PmrmCollateral {
  readonly asset: string;
  /** Quantity × price / stablecoin price [USD]. */
  readonly value: number;
  readonly imHaircut: number;
  readonly mmHaircut: number;
  /** min(confidence of the holding, confidence of the spot price), 0…1. */
  readonly confidence: number;
}

/** Net contracts by place in the portfolio's canonical order. */
export type Quantities = ArrayLike<number>;

/** Years of 365 days of a time in seconds. */
export function yearsOfSeconds(seconds: number): number {
  return seconds / (365 * 86_400);
}

/** Coins of a set of linear holdings, long > 0. */
export function netCoins(holdings: readonly PmrmLinear[], quantities: Quantities): number {
  let coins = 0;
  for (const { place, multiplier } of holdings) coins += (quantities[place] as number) * multiplier;
  return coins;
}
