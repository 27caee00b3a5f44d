import type { MarketSnapshot } from '@ballast/domain';
import { toColumns, toDoubleOrNull, toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

/** Rows of one statement; larger snapshots are written in several, so that no parameter grows without bound. */
const rowsPerStatement = 20_000;

export async function insertUnderlyingQuotes(
  tx: TenantTransaction,
  id: string,
  snapshot: MarketSnapshot,
): Promise<void> {
  const rows = [...snapshot.underlyings.values()].map((quote) => [
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
    (quote.flags ?? []).join(' '),
  ]);
  const types =
    'text text text numeric float8 float8 timestamptz float8 text text float8 numeric numeric float8 numeric numeric words';
  const columns =
    'underlying_id, kind, currency, price, rate, dividend_yield, quoted_at, historical_volatility, qualifier, ' +
    'sensitivity_bucket, confidence, stable_price, perpetual_price, perpetual_confidence, perpetual_unrealised_pnl, ' +
    'perpetual_unrealised_funding, flags';
  await insertRows(tx, id, { table: 'underlying_quotes', columns, types, rows });
}

export async function insertForwardQuotes(tx: TenantTransaction, id: string, snapshot: MarketSnapshot): Promise<void> {
  const rows = [...snapshot.underlyings.values()].flatMap((quote) =>
    quote.forwards.map((forward, ordinal) => [
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
  const columns = 'underlying_id, expiry, ordinal, price, rate, confidence, rate_confidence, volatility_confidence';
  const types = 'text timestamptz int4 numeric float8 float8 float8 float8';
  await insertRows(tx, id, { table: 'forward_quotes', columns, types, rows });
}

export async function insertFxRates(tx: TenantTransaction, id: string, snapshot: MarketSnapshot): Promise<void> {
  const rows = snapshot.fx.map((rate, ordinal) => [
    ordinal,
    rate.from,
    rate.to,
    toNumeric(rate.rate, `fx[${ordinal}].rate`),
  ]);
  const columns = 'ordinal, from_currency, to_currency, rate';
  await insertRows(tx, id, { table: 'fx_rates', columns, types: 'int4 text text numeric', rows });
}

export async function insertInstrumentQuotes(
  tx: TenantTransaction,
  id: string,
  snapshot: MarketSnapshot,
): Promise<void> {
  const asOf = toTimestamp(snapshot.asOf);
  const rows = [...snapshot.instruments.values()].map((quote) => [
    asOf,
    quote.instrumentId,
    toNumericOrNull(quote.bid, `${quote.instrumentId}.bid`),
    toNumericOrNull(quote.ask, `${quote.instrumentId}.ask`),
    toNumericOrNull(quote.mark, `${quote.instrumentId}.mark`),
    toDoubleOrNull(quote.impliedVolatility, `${quote.instrumentId}.impliedVolatility`),
    toTimestamp(quote.quotedAt),
    // Lists of different lengths do not fit one array parameter; flags are machine words without blanks.
    quote.flags.join(' '),
  ]);
  const columns = 'as_of, instrument_id, bid, ask, mark, implied_volatility, quoted_at, flags';
  const types = 'timestamptz text numeric numeric numeric float8 timestamptz words';
  await insertRows(tx, id, { table: 'instrument_quotes', columns, types, rows });
}

async function insertRows(
  tx: TenantTransaction,
  snapshotId: string,
  input: { readonly table: string; readonly columns: string; readonly types: string; readonly rows: unknown[][] },
): Promise<void> {
  const types = input.types.split(' ');
  const arrays = types.map((type, index) => `$${index + 3}::${type === 'words' ? 'text' : type}[]`).join(', ');
  const values = types
    .map((type, index) =>
      type === 'words' ? `coalesce(string_to_array(nullif(q.c${index}, ''), ' '), '{}')` : `q.c${index}`,
    )
    .join(', ');
  const names = types.map((_, index) => `c${index}`).join(', ');
  for (let start = 0; start < input.rows.length; start += rowsPerStatement) {
    const columns = toColumns(input.rows.slice(start, start + rowsPerStatement), types.length);
    await tx.execute(
      `INSERT INTO ${input.table} (firm_id, snapshot_id, ${input.columns})
       SELECT $1::uuid, $2::uuid, ${values} FROM unnest(${arrays}) AS q (${names})`,
      [tx.firmId, snapshotId, ...columns],
    );
  }
}
