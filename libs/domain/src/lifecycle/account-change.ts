import type { CollateralPosition } from '../collateral';
import type { Decimal } from '../decimal';
import type { Instrument } from '../instrument';

/** What an event makes of one holding. */
export interface PositionChange {
  readonly instrument: Instrument;
  readonly before: Decimal;
  readonly after: Decimal;
  readonly averagePriceBefore?: Decimal;
  readonly averagePriceAfter?: Decimal;
}

/** Cash that an event moves: received > 0, paid < 0. */
export interface CashMovement {
  readonly currency: string;
  readonly amount: Decimal;
}

/** What an event makes of one pledged asset. */
export interface CollateralChange {
  readonly asset: string;
  /** Null: it was not pledged. */
  readonly before: CollateralPosition | null;
  /** Null: it is pledged no longer. */
  readonly after: CollateralPosition | null;
}

/** Everything an event does to one account. */
export interface AccountChange {
  /** In order of the instrument identifier; holdings that end as they began are left out. */
  readonly positions: readonly PositionChange[];
  /** In order of the currency, each rounded down once to its minor unit; zero is left out. */
  readonly cash: readonly CashMovement[];
  /** What a careful reader should know. */
  readonly notes: readonly string[];
  /** Pledged assets in their order; absent: none changed. */
  readonly collateral?: readonly CollateralChange[];
}
