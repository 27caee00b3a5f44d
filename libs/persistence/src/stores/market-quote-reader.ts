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
import { decimalOf, decimalOrNull, instantFrom, present, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';

interface UnderlyingRow {
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
  readonly underlying_id: string;
  readonly expiry: Date;
  readonly price: string;
  readonly rate: number | null;
  readonly confidence: number | null;
  readonly rate_confidence: number | null;
  readonly volatility_confidence: number | null;
}

interface QuoteRow {
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
  readonly from_currency: string;
  readonly to_currency: string;
  readonly rate: string;
}

/** Reads the quotes of a stored snapshot back into the domain's shape; `instrumentIds` limits the contracts. */
export async function readQuotes(
  tx: TenantTransaction,
  header: { readonly id: string; readonly asOf: Instant },
  instrumentIds?: readonly string[],
): Promise<MarketSnapshot> {
  const forwards = await readForwards(tx, header.id);
  const underlyings = await tx.rows<UnderlyingRow>(
    'SELECT * FROM underlying_quotes WHERE snapshot_id = $1 ORDER BY underlying_id',
    [header.id],
  );
  const quotes = await tx.rows<QuoteRow>(
    `SELECT instrument_id, bid, ask, mark, implied_volatility, quoted_at, flags, open_interest, volume FROM instrument_quotes
     WHERE snapshot_id = $1 AND as_of = $2 AND ($3::text[] IS NULL OR instrument_id = ANY ($3)) ORDER BY instrument_id`,
    [header.id, toTimestamp(header.asOf), instrumentIds === undefined ? null : [...instrumentIds]],
  );
  const fx = await tx.rows<FxRow>(
    'SELECT from_currency, to_currency, rate FROM fx_rates WHERE snapshot_id = $1 ORDER BY ordinal',
    [header.id],
  );
  return {
    asOf: header.asOf,
    underlyings: new Map(underlyings.map((row) => [row.underlying_id, toUnderlyingQuote(row, forwards)])),
    instruments: new Map(quotes.map((row) => [row.instrument_id, toInstrumentQuote(row)])),
    fx: fx.map((row) => ({ from: row.from_currency, to: row.to_currency, rate: decimalOf(row.rate) })),
  };
}

async function readForwards(tx: TenantTransaction, snapshotId: string): Promise<Map<string, ForwardQuote[]>> {
  const rows = await tx.rows<ForwardRow>(
    'SELECT * FROM forward_quotes WHERE snapshot_id = $1 ORDER BY underlying_id, ordinal',
    [snapshotId],
  );
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

function toInstrumentQuote(row: QuoteRow): InstrumentQuote {
  return {
    instrumentId: row.instrument_id,
    bid: decimalOrNull(row.bid),
    ask: decimalOrNull(row.ask),
    mark: decimalOrNull(row.mark),
    impliedVolatility: row.implied_volatility,
    ...present('openInterest', decimalOrNull(row.open_interest)),
    ...present('volume', decimalOrNull(row.volume)),
    quotedAt: instantFrom(row.quoted_at),
    flags: row.flags,
  };
}
