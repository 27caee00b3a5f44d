// Our own market files: quotes, underlyings and, optionally, forwards and exchange rates.
import {
  type Decimal,
  financingRateMinimum,
  type ForwardQuote,
  type FxRate,
  type Instant,
  type InstrumentQuote,
  mayPriceBeNegative,
  rateSizeMaximum,
  type QuoteFlag,
  type UnderlyingKind,
  underlyingKinds,
} from '@ballast/domain';
import {
  CellRefusal,
  choiceCell,
  currencyCell,
  decimalCell,
  identifierCell,
  instantCell,
  nonNegativeNumberCell,
  numberCell,
  positiveDecimalCell,
} from './cell';
import { tradedCounts } from './traded-counts';
import { ProblemList } from './file-refusal';
import { readTable, type RowCells, type SourceFile, type TableContent, type TableFormat } from './table';

/** An underlying as a file states it: forwards come from another file, the instant may come from the quotes. */
export interface UnderlyingRecord {
  readonly underlyingId: string;
  readonly kind: UnderlyingKind;
  readonly currency: string;
  /** Null when the feed had no price. */
  readonly price: Decimal | null;
  readonly rate: number;
  readonly dividendYield: number;
  readonly quotedAt?: Instant;
  /** Findings on the price, once several sources were compared. */
  readonly flags?: readonly QuoteFlag[];
}

/** A stated forward of an underlying. */
export interface ForwardRecord extends ForwardQuote {
  readonly underlyingId: string;
}

/**
 * `instrument,bid,ask,mark,impliedVolatility,timestamp[,openInterest][,volume]`; empty price cells mean not quoted, empty
 * counts not known.
 */
export const quoteFormat: TableFormat<InstrumentQuote> = {
  columns: [
    { name: 'instrument' },
    { name: 'bid' },
    { name: 'ask' },
    { name: 'mark' },
    { name: 'impliedVolatility', number: true },
    { name: 'timestamp' },
    { name: 'openInterest', optional: true },
    { name: 'volume', optional: true },
  ],
  toRecord: (cells) => ({
    instrumentId: cells.required('instrument', identifierCell),
    bid: cells.optional('bid', decimalCell) ?? null,
    ask: cells.optional('ask', decimalCell) ?? null,
    mark: cells.optional('mark', decimalCell) ?? null,
    impliedVolatility: cells.optional('impliedVolatility', nonNegativeNumberCell) ?? null,
    ...tradedCounts(cells, { openInterest: 'openInterest', volume: 'volume' }),
    quotedAt: cells.required('timestamp', instantCell),
    flags: [],
  }),
  unique: { column: 'instrument', key: (quote) => quote.instrumentId },
};

/** `underlying,kind,currency,price,rate,dividendYield[,timestamp]`; rate and yield must be stated, a missing one is not 0. */
export const underlyingFormat: TableFormat<UnderlyingRecord> = {
  columns: [
    { name: 'underlying' },
    { name: 'kind' },
    { name: 'currency' },
    { name: 'price' },
    { name: 'rate', number: true },
    { name: 'dividendYield', number: true },
    { name: 'timestamp', optional: true },
  ],
  toRecord: toUnderlying,
  unique: { column: 'underlying', key: (underlying) => underlying.underlyingId },
};

/** `underlying,expiry,price[,rate]`. */
export const forwardFormat: TableFormat<ForwardRecord> = {
  columns: [
    { name: 'underlying' },
    { name: 'expiry' },
    { name: 'price' },
    { name: 'rate', number: true, optional: true },
  ],
  toRecord: (cells) => {
    const rate = cells.optional('rate', rateCell);
    return {
      underlyingId: cells.required('underlying', identifierCell),
      expiry: cells.required('expiry', instantCell),
      price: cells.required('price', decimalCell),
      ...(rate === undefined ? {} : { rate }),
    };
  },
  unique: {
    column: 'expiry',
    key: (forward) => `${forward.underlyingId}, ${new Date(forward.expiry).toISOString()}`,
  },
};

/** `from,to,rate`: one unit of `from` is worth `rate` units of `to`. */
export const fxFormat: TableFormat<FxRate> = {
  columns: [{ name: 'from' }, { name: 'to' }, { name: 'rate' }],
  toRecord: (cells) => {
    const from = cells.required('from', currencyCell);
    const to = cells.required('to', currencyCell);
    if (from === to) cells.refuse('to', 'equal to from');
    return { from, to, rate: cells.required('rate', positiveDecimalCell) };
  },
  unique: { column: 'to', key: (rate) => `${rate.from}, ${rate.to}` },
};

/** Reads exchange rates; a pair stated both ways must agree within 20 basis points. @throws FileRefusal */
export function readFxFile(source: SourceFile): TableContent<FxRate> {
  const content = readTable(source, fxFormat);
  const problems = new ProblemList(source.name);
  for (const [index, { line, value }] of content.rows.entries()) {
    const other = content.rows
      .slice(0, index)
      .find((row) => row.value.from === value.to && row.value.to === value.from);
    if (other === undefined || value.rate.times(other.value.rate).minus(1).abs().lessThanOrEqualTo('0.002')) continue;
    const reason = `not the inverse of ${other.value.rate.toFixed()} in line ${other.line}`;
    problems.add({ line, column: 'rate', value: value.rate.toFixed(), reason });
  }
  problems.refuseIfAny();
  return content;
}

/** @throws FileRefusal */
export function readQuoteFile(source: SourceFile): TableContent<InstrumentQuote> {
  return readTable(source, quoteFormat);
}

/** @throws FileRefusal */
export function readUnderlyingFile(source: SourceFile): TableContent<UnderlyingRecord> {
  return readTable(source, underlyingFormat);
}

/** @throws FileRefusal */
export function readForwardFile(source: SourceFile): TableContent<ForwardRecord> {
  return readTable(source, forwardFormat);
}

function toUnderlying(cells: RowCells): UnderlyingRecord {
  const kind = cells.required('kind', choiceCell(underlyingKinds));
  const price = cells.optional('price', decimalCell) ?? null;
  if (price !== null && price.lessThanOrEqualTo(0) && !mayPriceBeNegative(kind)) {
    cells.refuse('price', `must be greater than 0 when kind is ${kind}`);
  }
  const quotedAt = cells.optional('timestamp', instantCell);
  return {
    underlyingId: cells.required('underlying', identifierCell),
    kind,
    currency: cells.required('currency', currencyCell),
    price,
    rate: cells.required('rate', interestRateCell),
    dividendYield: cells.required('dividendYield', rateCell),
    ...(quotedAt === undefined ? {} : { quotedAt }),
  };
}

/** An interest rate; money has cost less than −1 % nowhere, so below −20 % is a slip of the pen. */
export function interestRateCell(text: string): number {
  const rate = rateCell(text);
  if (rate < financingRateMinimum) throw new CellRefusal('an interest rate below −20 %');
  return rate;
}

/** A continuously compounded rate; ±100 % catches percent written for fractions. */
export function rateCell(text: string): number {
  const rate = numberCell(text);
  if (Math.abs(rate) > rateSizeMaximum) throw new CellRefusal('outside −1…1; write 5 % as 0.05');
  return rate;
}
