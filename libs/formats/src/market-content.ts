// What a market file of any format holds, in the terms of the domain.
import type { Instrument, InstrumentQuote } from '@ballast/domain';
import type { ForwardRecord, UnderlyingRecord } from './market-file';
import type { TableRow } from './table';

/** Contents of one or more market files. Rows keep the line where they stand. */
export interface MarketContent {
  /** Names of the files read. */
  readonly files: readonly string[];
  /** Contracts the file describes; empty for our own format, whose contracts are imported before. */
  readonly instruments: readonly TableRow<Instrument>[];
  readonly quotes: readonly TableRow<InstrumentQuote>[];
  readonly underlyings: readonly TableRow<UnderlyingRecord>[];
  readonly forwards: readonly TableRow<ForwardRecord>[];
  /** Rows of data read, every file together. */
  readonly rowCount: number;
  readonly warnings: readonly string[];
}
