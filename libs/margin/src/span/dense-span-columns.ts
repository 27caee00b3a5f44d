import type { Instant, Instrument, MarketSnapshot } from '@ballast/domain';
import type { SpanCommodity } from './span-book';
import type { SpanParameters } from './span-parameters';

/** A commodity as the accounts that hold it see it. */
export interface DenseCommodity extends Omit<SpanCommodity, 'contracts'> {
  /** Words of each scenario. */
  readonly labels: readonly string[];
}

/** What the accounts of a run in one currency have in common. */
export interface DenseSpanInput {
  readonly snapshot: MarketSnapshot;
  readonly asOf: Instant;
  readonly baseCurrency: string;
  readonly listedInstruments: readonly Instrument[];
}

/** Room for the rows of contracts, one after the other. */
export interface SpanColumns {
  /** Losses of LONG one contract, contract by contract [base currency]. */
  readonly losses: Float64Array;
  /** `denseFigures` of each contract; the mark of what counts no option value is NaN. */
  readonly figures: Float64Array;
  /** Number of each contract's commodity. */
  readonly commodityOf: Int32Array;
  /** 1 call, 2 put, 0 anything else. */
  readonly rights: Int8Array;
}

/** The contracts of a run as columns. */
export interface DenseSpanBook extends SpanColumns {
  readonly parameters: SpanParameters;
  readonly currency: string;
  /** By the numbers of `commodityOf`. */
  readonly commodities: readonly DenseCommodity[];
  /** By place; absent where there are none. */
  readonly warnings: readonly (readonly string[] | undefined)[];
  /** How many contracts have no place because the columns were made too small. */
  readonly withoutRoom: number;
  /** Numbers of the scenarios. */
  readonly indexes: readonly number[];
  /** Room for the losses of an account's commodity, one after the other; whoever asks for the same again overwrites it. */
  readonly scratch: (slot: number) => Float64Array;
  /**
   * Positions of contracts in the columns, values those that are new, all in one call; −1 for a contract that has to be
   * computed with its account, because it cannot be valued, cannot be held, or is a future that is not listed.
   */
  readonly place: (instruments: readonly Instrument[]) => Int32Array;
}
