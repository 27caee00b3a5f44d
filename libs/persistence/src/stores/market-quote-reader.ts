import type {
  ForwardQuote,
  InstrumentQuote,
  Instant,
  MarketSnapshot,
  PerpetualQuote,
  QuoteFlag,
  UnderlyingKind,
  UnderlyingQuote,
} from '@ballast/domain';
import { DecimalPool } from '../decimal-pool';
import { decimalOf, decimalOrNull, instantFrom, present, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

interface UnderlyingRow {
  readonly snapshot_id: string;
  readonly underlying_id: string;
  readonly kind: UnderlyingKind;
  readonly currency: string;
  readonly price: string | null;
  readonly rate: number;
  readonly dividend_yield: number;
  readonly quoted_at: Date;
  readonly historical_volatility: number | null;
  readonly qualifier: string | null;
  readonly sensitivity_bucket: string | null;
  readonly confidence: number | null;
  readonly stable_price: string | null;
  readonly perpetual_price: string | null;
  readonly perpetual_confidence: number | null;
  readonly perpetual_unrealised_pnl: string | null;
  readonly perpetual_unrealised_funding: string | null;
  readonly flags: QuoteFlag[];
}

interface ForwardRow {
  readonly snapshot_id: string;
  readonly underlying_id: string;
  readonly expiry: Date;
  readonly price: string;
  readonly rate: number | null;
  readonly confidence: number | null;
  readonly rate_confidence: number | null;
  readonly volatility_confidence: number | null;
}

interface QuoteRow {
  readonly snapshot_id: string;
  readonly instrument_id: string;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly mark: string | null;
  readonly implied_volatility: number | null;
  readonly quoted_at: Date;
  readonly flags: QuoteFlag[];
  readonly open_interest: string | null;
  readonly volume: string | null;
}

interface FxRow {
  readonly snapshot_id: string;
  readonly from_currency: string;
  readonly to_currency: string;
  readonly rate: string;
}

/** What names a stored snapshot and its partition. */
interface QuotedSnapshot {
  readonly id: string;
  readonly asOf: Instant;
}

/** Reads the quotes of a stored snapshot back into the domain's shape; `instrumentIds` limits the contracts. */
export async function readQuotes(
  tx: TenantTransaction,
  header: QuotedSnapshot,
  instrumentIds?: readonly string[],
): Promise<MarketSnapshot> {
  return assemble(header, await readRows(tx, [header], instrumentIds));
}

/**
 * Reads the whole quotes of several snapshots in the statements of one.
 *
 * @returns by identifier; `rows` counts the rows of contracts, also those that share a name
 */
export async function readQuotesOfMany(
  tx: TenantTransaction,
  headers: readonly QuotedSnapshot[],
): Promise<Map<string, { readonly snapshot: MarketSnapshot; readonly rows: number }>> {
  const rows = await readRows(tx, headers);
  const underlyings = groupBySnapshot(rows.underlyings);
  const forwards = groupBySnapshot(rows.forwards);
  const quotes = groupBySnapshot(rows.quotes);
  const fx = groupBySnapshot(rows.fx);
  return new Map(
    headers.map((header) => {
      const own = {
        underlyings: underlyings.get(header.id) ?? [],
        forwards: forwards.get(header.id) ?? [],
        quotes: quotes.get(header.id) ?? [],
        fx: fx.get(header.id) ?? [],
      };
      return [header.id, { snapshot: assemble(header, own), rows: own.quotes.length }];
    }),
  );
}

interface QuoteRows {
  readonly underlyings: readonly UnderlyingRow[];
  readonly forwards: readonly ForwardRow[];
  readonly quotes: readonly QuoteRow[];
  readonly fx: readonly FxRow[];
}

async function readRows(
  tx: TenantTransaction,
  headers: readonly QuotedSnapshot[],
  instrumentIds?: readonly string[],
): Promise<QuoteRows> {
  const ids = headers.map(({ id }) => id);
  const times = [...new Set(headers.map(({ asOf }) => asOf))].map(toTimestamp);
  const forwards = await tx.rows<ForwardRow>(
    'SELECT * FROM forward_quotes WHERE snapshot_id = ANY ($1::uuid[]) ORDER BY snapshot_id, underlying_id, ordinal',
    [ids],
  );
  const underlyings = await tx.rows<UnderlyingRow>(
    'SELECT * FROM underlying_quotes WHERE snapshot_id = ANY ($1::uuid[]) ORDER BY snapshot_id, underlying_id',
    [ids],
  );
  const quotes = await tx.rows<QuoteRow>(
    `SELECT snapshot_id, instrument_id, bid, ask, mark, implied_volatility, quoted_at, flags, open_interest, volume
     FROM instrument_quotes WHERE snapshot_id = ANY ($1::uuid[]) AND as_of = ANY ($2::timestamptz[])
     AND ($3::text[] IS NULL OR instrument_id = ANY ($3)) ORDER BY snapshot_id, instrument_id`,
    [ids, times, instrumentIds === undefined ? null : [...instrumentIds]],
  );
  const fx = await tx.rows<FxRow>(
    `SELECT snapshot_id, from_currency, to_currency, rate FROM fx_rates WHERE snapshot_id = ANY ($1::uuid[])
     ORDER BY snapshot_id, ordinal`,
    [ids],
  );
  return { underlyings, forwards, quotes, fx };
}

function groupBySnapshot<Row extends { readonly snapshot_id: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(row.snapshot_id);
    if (group === undefined) groups.set(row.snapshot_id, [row]);
    else group.push(row);
  }
  return groups;
}

function assemble({ asOf }: QuotedSnapshot, { underlyings, forwards, quotes, fx }: QuoteRows): MarketSnapshot {
  const curves = forwardsByUnderlying(forwards);
  const pool = new DecimalPool();
  return {
    asOf,
    underlyings: new Map(underlyings.map((row) => [row.underlying_id, toUnderlyingQuote(row, curves)])),
    instruments: new Map(quotes.map((row) => [row.instrument_id, toInstrumentQuote(row, pool)])),
    fx: fx.map((row) => ({ from: row.from_currency, to: row.to_currency, rate: decimalOf(row.rate) })),
  };
}

function forwardsByUnderlying(rows: readonly ForwardRow[]): Map<string, ForwardQuote[]> {
  const byUnderlying = new Map<string, ForwardQuote[]>();
  for (const row of rows) {
    const list = byUnderlying.get(row.underlying_id) ?? [];
    byUnderlying.set(row.underlying_id, list);
    list.push({
      expiry: instantFrom(row.expiry),
      price: decimalOf(row.price),
      ...present('rate', row.rate),
      ...present('confidence', row.confidence),
      ...present('rateConfidence', row.rate_confidence),
      ...present('volatilityConfidence', row.volatility_confidence),
    });
  }
  return byUnderlying;
}

function toUnderlyingQuote(row: UnderlyingRow, forwards: ReadonlyMap<string, ForwardQuote[]>): UnderlyingQuote {
  return {
    underlyingId: row.underlying_id,
    kind: row.kind,
    currency: row.currency,
    price: decimalOrNull(row.price),
    rate: row.rate,
    dividendYield: row.dividend_yield,
    forwards: forwards.get(row.underlying_id) ?? [],
    quotedAt: instantFrom(row.quoted_at),
    ...present('historicalVolatility', row.historical_volatility),
    ...present('qualifier', row.qualifier),
    ...present('sensitivityBucket', row.sensitivity_bucket),
    ...present('confidence', row.confidence),
    ...present('stablePrice', decimalOrNull(row.stable_price)),
    ...present('perpetual', toPerpetual(row)),
    ...present('flags', row.flags.length === 0 ? null : row.flags),
  };
}

function toPerpetual(row: UnderlyingRow): PerpetualQuote | null {
  if (row.perpetual_price === null) return null;
  return {
    price: decimalOf(row.perpetual_price),
    ...present('confidence', row.perpetual_confidence),
    ...present('unrealisedPnl', decimalOrNull(row.perpetual_unrealised_pnl)),
    ...present('unrealisedFunding', decimalOrNull(row.perpetual_unrealised_funding)),
  };
}

function toInstrumentQuote(row: QuoteRow, pool: DecimalPool): InstrumentQuote {
  const { open_interest: openInterest, volume } = row;
  const quote = {
    instrumentId: row.instrument_id,
    bid: pool.orNull(row.bid),
    ask: pool.orNull(row.ask),
    mark: pool.orNull(row.mark),
    impliedVolatility: row.implied_volatility,
    quotedAt: instantFrom(row.quoted_at),
    flags: row.flags,
  };
  if (openInterest === null && volume === null) return quote;
  return {
    ...quote,
    ...present('openInterest', pool.orNull(openInterest)),
    ...present('volume', pool.orNull(volume)),
  };
}
