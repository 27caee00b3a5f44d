// What a market file of any format holds, in the terms of the domain.
import type { FxRate, Instrument, InstrumentQuote } from '@ballast/domain';
import type { ForwardRecord, UnderlyingRecord } from './market-file';
import type { TableRow } from './table';

/** Contents of one or more market files. Rows keep the line where they stand. */
export interface MarketContent {
  /** Name of the file that each part was read from, for messages; empty for a part that was not delivered. */
  readonly files: Readonly<Record<'quotes' | 'underlyings' | 'forwards' | 'fx', string>>;
  /** Contracts the file describes; empty for our own format, whose contracts are imported before. */
  readonly instruments: readonly TableRow<Instrument>[];
  readonly quotes: readonly TableRow<InstrumentQuote>[];
  readonly underlyings: readonly TableRow<UnderlyingRecord>[];
  readonly forwards: readonly TableRow<ForwardRecord>[];
  readonly fx: readonly TableRow<FxRate>[];
  /** Rows of data read, every file together. */
  readonly rowCount: number;
  readonly warnings: readonly string[];
}
