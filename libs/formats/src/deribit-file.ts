// The public snapshot format of Deribit option chains: coin-settled European options.
import {
  Decimal,
  formatInstant,
  type Instant,
  type InstrumentQuote,
  instantOf,
  type OptionInstrument,
  type OptionRight,
} from '@ballast/domain';
import {
  choiceCell,
  feedDecimalCell,
  identifierCell,
  instantCell,
  nonNegativeNumberCell,
  positiveFeedDecimalCell,
} from './cell';
import type { MarketContent } from './market-content';
import type { ForwardRecord, UnderlyingRecord } from './market-file';
import { readTable, type RowCells, type SourceFile, type TableFormat, type TableRow } from './table';
import { tradedCounts } from './traded-counts';

/** One row of a snapshot. Prices of the option are in the coin, forward and index in USD. */
export interface DeribitRow {
  readonly instrument: OptionInstrument;
  readonly quote: InstrumentQuote;
  /** Price of the future of this expiry at the moment the row was read [USD]. */
  readonly forward: Decimal;
  /** Price of the index at the moment the row was read [USD]. */
  readonly indexPrice: Decimal;
}

const usedColumns = [
  'timestamp', 'instrument_name', 'option_type', 'strike', 'expiry_datetime', 'bid_price', 'ask_price', 'mark_price',
  'futures_price', 'futures_instrument_name', 'implied_volatility', 'currency', 'index_price',
]; // prettier-ignore
const unusedColumns = [
  'underlying', 'underlying_name', 'time_to_maturity', 'mid_price', 'delta', 'vega', 'bid_ask_spread', 'volume_usd',
]; // prettier-ignore
/** Contracts open, and contracts traded in the last 24 hours. */
const countColumns = { openInterest: 'open_interest', volume: 'volume' } as const;

export const deribitFormat: TableFormat<DeribitRow> = {
  columns: [
    ...usedColumns.map((name) => ({ name })),
    ...[...Object.values(countColumns), ...unusedColumns].map((name) => ({ name, optional: true as const })),
  ],
  toRecord: toDeribitRow,
  unique: { column: 'instrument_name', key: (row) => row.instrument.id },
};

/**
 * Reads a Deribit snapshot. Every row becomes a contract and a quote or the whole file is refused.
 *
 * Rows of one chain are read some milliseconds apart, so index and futures move a little between rows: the index price
 * of an underlying and the forward of an expiry are the medians over their rows (the lower one of an even count).
 * A `SYN.` future is interpolated by the exchange, not traded: its rows carry SYNTHETIC_FORWARD.
 * Coin options are discounted at rate 0 by the exchange's own convention.
 *
 * @throws FileRefusal
 */
export function readDeribitFile(
  source: SourceFile,
): MarketContent & { readonly rows: readonly TableRow<DeribitRow>[] } {
  const { rows, warnings } = readTable(source, deribitFormat);
  return {
    files: { quotes: source.name, underlyings: source.name, forwards: source.name, fx: '' },
    fx: [],
    rows,
    instruments: rows.map(({ line, value }) => ({ line, value: value.instrument })),
    quotes: rows.map(({ line, value }) => ({ line, value: value.quote })),
    underlyings: toUnderlyings(rows),
    forwards: toForwards(rows),
    rowCount: rows.length,
    warnings,
  };
}

function toDeribitRow(cells: RowCells): DeribitRow {
  const id = cells.required('instrument_name', identifierCell);
  const coin = cells.required('currency', choiceCell(['BTC', 'ETH']));
  const right = cells.required('option_type', choiceCell(['call', 'put']));
  const strike = cells.required('strike', positiveFeedDecimalCell);
  const expiry = cells.required('expiry_datetime', instantCell);
  const expectedName = deribitName({ coin, expiry, strike, right });
  if (id !== expectedName) {
    cells.refuse(
      'instrument_name',
      `disagrees with currency, expiry, strike and option_type, which say ${expectedName}`,
    );
  }
  const forwardName = cells.required('futures_instrument_name', identifierCell);
  return {
    instrument: {
      id,
      type: 'option',
      underlying: coin,
      right,
      strike,
      expiry,
      exercise: 'european',
      multiplier: new Decimal(1),
      currency: coin,
      settlement: 'inverse',
      premiumStyle: 'equity',
    },
    quote: {
      instrumentId: id,
      bid: cells.optional('bid_price', feedDecimalCell) ?? null,
      ask: cells.optional('ask_price', feedDecimalCell) ?? null,
      mark: cells.optional('mark_price', feedDecimalCell) ?? null,
      impliedVolatility: cells.optional('implied_volatility', nonNegativeNumberCell) ?? null,
      ...tradedCounts(cells, countColumns),
      quotedAt: cells.required('timestamp', instantCell),
      flags: forwardName.startsWith('SYN.') ? ['SYNTHETIC_FORWARD'] : [],
    },
    forward: cells.required('futures_price', positiveFeedDecimalCell),
    indexPrice: cells.required('index_price', positiveFeedDecimalCell),
  };
}

/** Name of an option as the exchange forms it, for example `BTC-16JAN26-82000-C`. */
function deribitName(parts: {
  readonly coin: string;
  readonly expiry: Instant;
  readonly strike: Decimal;
  readonly right: OptionRight;
}): string {
  const [year, month, day] = formatInstant(parts.expiry).slice(0, 10).split('-');
  const date = `${Number(day)}${monthNames[Number(month) - 1]}${year?.slice(2)}`;
  return `${parts.coin}-${date}-${parts.strike.toFixed()}-${parts.right === 'call' ? 'C' : 'P'}`;
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

function toUnderlyings(rows: readonly TableRow<DeribitRow>[]): TableRow<UnderlyingRecord>[] {
  return [...groupBy(rows, ({ value }) => value.instrument.underlying)].map(([coin, group]) => ({
    line: group[0].line,
    value: {
      underlyingId: coin,
      kind: 'crypto',
      currency: 'USD',
      price: lowerMedian(group.map(({ value }) => value.indexPrice)),
      rate: 0,
      dividendYield: 0,
      quotedAt: instantOf(Math.max(...group.map(({ value }) => value.quote.quotedAt))),
    },
  }));
}

function toForwards(rows: readonly TableRow<DeribitRow>[]): TableRow<ForwardRecord>[] {
  const key = ({ value }: TableRow<DeribitRow>) => `${value.instrument.underlying} ${value.instrument.expiry}`;
  const forwards = [...groupBy(rows, key).values()].map((group) => ({
    line: group[0].line,
    value: {
      underlyingId: group[0].value.instrument.underlying,
      expiry: group[0].value.instrument.expiry,
      price: lowerMedian(group.map(({ value }) => value.forward)),
      rate: 0,
    },
  }));
  return forwards.sort(
    (left, right) =>
      left.value.underlyingId.localeCompare(right.value.underlyingId, 'en') || left.value.expiry - right.value.expiry,
  );
}

type NonEmpty<Item> = [Item, ...Item[]];

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, NonEmpty<Item>> {
  const groups = new Map<string, NonEmpty<Item>>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}

function lowerMedian(values: readonly Decimal[]): Decimal {
  const sorted = [...values].sort((left, right) => left.comparedTo(right));
  return sorted[(sorted.length - 1) >> 1] as Decimal;
}
