import {
  type ForwardQuote,
  type InstrumentQuote,
  type Instant,
  type MarketDifference,
  type MarketSnapshot,
  type PerpetualQuote,
  type QuoteFlag,
  type UnderlyingKind,
  type UnderlyingQuote,
  withDifference,
} from '@ballast/domain';
import { DecimalPool } from '../decimal-pool';
import { requireQuotes } from '../history/given-up-months';
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
export interface QuotedSnapshot {
  readonly id: string;
  readonly asOf: Instant;
}

/** A snapshot that may be stored as the difference from the one before it. */
export interface UnfoldedSnapshot extends QuotedSnapshot {
  /** Snapshots whose rows it takes over, oldest first; null where it is stored whole. */
  readonly parts: readonly string[] | null;
  /** Contracts that are quoted in its parts and not in it. */
  readonly dropped: readonly string[];
}

/**
 * Reads the quotes of a stored snapshot back into the domain's shape; `instrumentIds` limits the contracts. One that is
 * stored as a difference is laid over the rows that it takes over: of one name the latest statement counts.
 *
 * @throws PersistenceError 'GIVEN_UP' where the quotes that are asked for were given up with their month
 */
export async function readQuotes(
  tx: TenantTransaction,
  header: UnfoldedSnapshot,
  instrumentIds?: readonly string[],
): Promise<MarketSnapshot> {
  const snapshot = await readLayers(tx, header, instrumentIds);
  if (snapshot.instruments.size === 0 && instrumentIds?.length !== 0)
    await requireQuotes(tx, { id: header.parts?.[0] ?? header.id, asOf: header.asOf });
  return snapshot;
}

async function readLayers(
  tx: TenantTransaction,
  { parts, dropped, ...header }: UnfoldedSnapshot,
  instrumentIds?: readonly string[],
): Promise<MarketSnapshot> {
  if (parts === null) return assemble(header, await readRows(tx, [header], instrumentIds));
  const times = await readTimes(tx, parts);
  const layers = [...parts.map((id) => ({ id, asOf: times.get(id) ?? header.asOf })), header];
  const stated = await readQuotesOfMany(tx, layers, instrumentIds);
  const snapshots = layers.flatMap(({ id }) => stated.get(id)?.snapshot ?? []);
  const [whole, ...later] = snapshots as [MarketSnapshot, ...MarketSnapshot[]];
  return withDifference(whole, joined(header.asOf, later, dropped));
}

/** Reads only what several snapshots state anew, one after the other, as one difference from the market before the first. */
export async function readDifference(
  tx: TenantTransaction,
  { id, asOf, dropped }: UnfoldedSnapshot,
  between: readonly string[],
): Promise<MarketDifference> {
  const times = await readTimes(tx, between);
  const layers = [...between.map((part) => ({ id: part, asOf: times.get(part) ?? asOf })), { id, asOf }];
  const stated = await readQuotesOfMany(tx, layers);
  const snapshots = layers.flatMap((layer) => stated.get(layer.id)?.snapshot ?? []);
  return joined(asOf, snapshots, dropped);
}

/** What is stated one after the other, as one difference: the latest of each name. */
function joined(asOf: Instant, layers: readonly MarketSnapshot[], dropped: readonly string[]): MarketDifference {
  const underlyings = new Map(layers.flatMap((layer) => [...layer.underlyings]));
  const quotes = new Map(layers.flatMap((layer) => [...layer.instruments]));
  for (const id of dropped) quotes.delete(id);
  const fx = layers.findLast((layer) => layer.fx.length > 0)?.fx ?? null;
  return { asOf, underlyings: [...underlyings.values()], quotes: [...quotes.values()], dropped, fx };
}

async function readTimes(tx: TenantTransaction, ids: readonly string[]): Promise<Map<string, Instant>> {
  const rows = await tx.rows<{ id: string; as_of: Date }>(
    'SELECT snapshot_id AS id, as_of FROM market_snapshots WHERE snapshot_id = ANY ($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, as_of: asOf }) => [id, instantFrom(asOf)]));
}

/**
 * Reads the rows of several snapshots in the statements of one: of a difference what it states anew, of others the whole.
 *
 * @returns by identifier; `rows` counts the rows of contracts, also those that share a name
 */
export async function readQuotesOfMany(
  tx: TenantTransaction,
  headers: readonly QuotedSnapshot[],
  instrumentIds?: readonly string[],
): Promise<Map<string, { readonly snapshot: MarketSnapshot; readonly rows: number }>> {
  const rows = await readRows(tx, headers, instrumentIds);
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
