import type { MarketSnapshot } from '@ballast/domain';
import { bulkParameters, bulkSource, type BulkColumns, type BulkValue } from '../bulk-insert';
import { toDoubleOrNull, toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

/** A snapshot under the identifier of its header. */
export interface IdentifiedSnapshot {
  readonly id: string;
  readonly snapshot: MarketSnapshot;
}

/** Rows of one statement; larger snapshots are written in several, so that no parameter grows without bound. */
const rowsPerStatement = 20_000;

export const underlyingColumns: BulkColumns = [
  ['snapshot_id', 'uuid'],
  ['underlying_id', 'text'],
  ['kind', 'text'],
  ['currency', 'text'],
  ['price', 'numeric'],
  ['rate', 'float8'],
  ['dividend_yield', 'float8'],
  ['quoted_at', 'timestamptz'],
  ['historical_volatility', 'float8'],
  ['qualifier', 'text'],
  ['sensitivity_bucket', 'text'],
  ['confidence', 'float8'],
  ['stable_price', 'numeric'],
  ['perpetual_price', 'numeric'],
  ['perpetual_confidence', 'float8'],
  ['perpetual_unrealised_pnl', 'numeric'],
  ['perpetual_unrealised_funding', 'numeric'],
  ['flags', 'words'],
];

export const forwardColumns: BulkColumns = [
  ['snapshot_id', 'uuid'],
  ['underlying_id', 'text'],
  ['expiry', 'timestamptz'],
  ['ordinal', 'int4'],
  ['price', 'numeric'],
  ['rate', 'float8'],
  ['confidence', 'float8'],
  ['rate_confidence', 'float8'],
  ['volatility_confidence', 'float8'],
];

export const fxColumns: BulkColumns = [
  ['snapshot_id', 'uuid'],
  ['ordinal', 'int4'],
  ['from_currency', 'text'],
  ['to_currency', 'text'],
  ['rate', 'numeric'],
];

export const instrumentColumns: BulkColumns = [
  ['snapshot_id', 'uuid'],
  ['as_of', 'timestamptz'],
  ['instrument_id', 'text'],
  ['bid', 'numeric'],
  ['ask', 'numeric'],
  ['mark', 'numeric'],
  ['implied_volatility', 'float8'],
  ['quoted_at', 'timestamptz'],
  ['flags', 'words'],
  ['open_interest', 'numeric'],
  ['volume', 'numeric'],
];

/** Writes all quotes of snapshots whose headers are stored. */
export async function insertQuotes(tx: TenantTransaction, snapshots: readonly IdentifiedSnapshot[]): Promise<void> {
  await insertRows(tx, 'underlying_quotes', underlyingColumns, snapshots.flatMap(underlyingRows));
  await insertRows(tx, 'forward_quotes', forwardColumns, snapshots.flatMap(forwardRows));
  await insertRows(tx, 'fx_rates', fxColumns, snapshots.flatMap(fxRows));
  await insertRows(tx, 'instrument_quotes', instrumentColumns, snapshots.flatMap(instrumentRows));
}

function underlyingRows({ id, snapshot }: IdentifiedSnapshot): BulkValue[][] {
  return [...snapshot.underlyings.values()].map((quote) => [
    id,
    quote.underlyingId,
    quote.kind,
    quote.currency,
    toNumericOrNull(quote.price, `${quote.underlyingId}.price`),
    toDoubleOrNull(quote.rate, `${quote.underlyingId}.rate`),
    toDoubleOrNull(quote.dividendYield, `${quote.underlyingId}.dividendYield`),
    toTimestamp(quote.quotedAt),
    toDoubleOrNull(quote.historicalVolatility, `${quote.underlyingId}.historicalVolatility`),
    quote.qualifier ?? null,
    quote.sensitivityBucket ?? null,
    toDoubleOrNull(quote.confidence, `${quote.underlyingId}.confidence`),
    toNumericOrNull(quote.stablePrice, `${quote.underlyingId}.stablePrice`),
    toNumericOrNull(quote.perpetual?.price, `${quote.underlyingId}.perpetual.price`),
    toDoubleOrNull(quote.perpetual?.confidence, `${quote.underlyingId}.perpetual.confidence`),
    toNumericOrNull(quote.perpetual?.unrealisedPnl, `${quote.underlyingId}.perpetual.unrealisedPnl`),
    toNumericOrNull(quote.perpetual?.unrealisedFunding, `${quote.underlyingId}.perpetual.unrealisedFunding`),
    JSON.stringify(quote.flags ?? []),
  ]);
}

function forwardRows({ id, snapshot }: IdentifiedSnapshot): BulkValue[][] {
  return [...snapshot.underlyings.values()].flatMap((quote) =>
    quote.forwards.map((forward, ordinal) => [
      id,
      quote.underlyingId,
      toTimestamp(forward.expiry),
      ordinal,
      toNumeric(forward.price, `${quote.underlyingId}.forwards[${ordinal}].price`),
      toDoubleOrNull(forward.rate, `${quote.underlyingId}.forwards[${ordinal}].rate`),
      toDoubleOrNull(forward.confidence, `${quote.underlyingId}.forwards[${ordinal}].confidence`),
      toDoubleOrNull(forward.rateConfidence, `${quote.underlyingId}.forwards[${ordinal}].rateConfidence`),
      toDoubleOrNull(forward.volatilityConfidence, `${quote.underlyingId}.forwards[${ordinal}].volatilityConfidence`),
    ]),
  );
}

function fxRows({ id, snapshot }: IdentifiedSnapshot): BulkValue[][] {
  return snapshot.fx.map((rate, ordinal) => [
    id,
    ordinal,
    rate.from,
    rate.to,
    toNumeric(rate.rate, `fx[${ordinal}].rate`),
  ]);
}

function instrumentRows({ id, snapshot }: IdentifiedSnapshot): BulkValue[][] {
  const asOf = toTimestamp(snapshot.asOf);
  return [...snapshot.instruments.values()].map((quote) => [
    id,
    asOf,
    quote.instrumentId,
    toNumericOrNull(quote.bid, `${quote.instrumentId}.bid`),
    toNumericOrNull(quote.ask, `${quote.instrumentId}.ask`),
    toNumericOrNull(quote.mark, `${quote.instrumentId}.mark`),
    toDoubleOrNull(quote.impliedVolatility, `${quote.instrumentId}.impliedVolatility`),
    quote.quotedAt === snapshot.asOf ? asOf : toTimestamp(quote.quotedAt),
    quote.flags.length === 0 ? '[]' : JSON.stringify(quote.flags),
    toNumericOrNull(quote.openInterest, `${quote.instrumentId}.openInterest`),
    toNumericOrNull(quote.volume, `${quote.instrumentId}.volume`),
  ]);
}

async function insertRows(
  tx: TenantTransaction,
  table: string,
  columns: BulkColumns,
  rows: readonly BulkValue[][],
): Promise<void> {
  const { names, select, from } = bulkSource(columns, 2);
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    const parameters = bulkParameters(columns, rows.slice(start, start + rowsPerStatement));
    await tx.execute(`INSERT INTO ${table} (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`, [
      tx.firmId,
      ...parameters,
    ]);
  }
}
