import {
  DomainError,
  type FxRate,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type OptionInstrument,
  type QuoteFlag,
  type UnderlyingQuote,
} from '@ballast/domain';
import { forwardToExpiry } from './forward-to-expiry';
import { findParityGaps, type VolatilityPoint } from './parity-check';
import { isBelowIntrinsic } from './price-bound-check';
import { checkQuote, defaultQuoteLimits, inListOrder, type QuoteLimits } from './quote-check';
import { buildVolatilitySurface } from './surface/build-volatility-surface';
import { surfaceVolatility, type VolatilitySurface } from './surface/volatility-surface';
import { climbVolatilityLadder, type VolatilitySource } from './volatility-ladder';

/** What a snapshot is made of. */
export interface SnapshotInput {
  readonly asOf: Instant;
  readonly underlyings: readonly UnderlyingQuote[];
  /** Terms of every quoted contract. */
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly quotes: readonly InstrumentQuote[];
  readonly fx?: readonly FxRate[];
  readonly limits?: QuoteLimits;
}

/** A snapshot and what was found while it was built. */
export interface BuiltSnapshot {
  /** Every volatility that could be found is filled in; `flags` carry every finding. */
  readonly snapshot: MarketSnapshot;
  readonly volatilitySources: ReadonlyMap<string, VolatilitySource>;
  /** How many quotes carry each flag. */
  readonly flagCounts: ReadonlyMap<QuoteFlag, number>;
}

/**
 * Builds an immutable snapshot: checks every quote, finds the volatility of every option by the ladder of
 * `climbVolatilityLadder`, and orders everything by identifier, so that equal content gives equal canonical text
 * whatever the order of the rows.
 *
 * @throws DomainError 'INVALID_MARKET_DATA' for a repeated identifier, 'INSTRUMENT_UNKNOWN' for a quote of a contract
 *         without terms or a contract on an underlying without a quote
 */
export function buildSnapshot(input: SnapshotInput): BuiltSnapshot {
  const limits = input.limits ?? defaultQuoteLimits;
  const underlyings = byIdentifier(input.underlyings, (underlying) => underlying.underlyingId, 'underlying');
  const ordered = byIdentifier(input.quotes, (quote) => quote.instrumentId, 'instrument');
  const sources = new Map<string, VolatilitySource>();
  const points: VolatilityPoint[] = [];
  const quotes = new Map<string, InstrumentQuote>();
  for (const [id, quote] of ordered) {
    const terms = input.instruments.get(id);
    if (terms === undefined) throw new DomainError('INSTRUMENT_UNKNOWN', `quote of the unknown instrument ${id}`, id);
    const underlying = underlyings.get(terms.underlying);
    if (underlying === undefined) {
      throw new DomainError('INSTRUMENT_UNKNOWN', `${id}: its underlying ${terms.underlying} is not quoted`, id);
    }
    const checked = settle(quote, terms, { underlying, limits, input });
    quotes.set(id, checked.quote);
    if (checked.source !== undefined) sources.set(id, checked.source);
    if (terms.type === 'option' && checked.quote.impliedVolatility !== null) {
      points.push({ option: terms, volatility: checked.quote.impliedVolatility });
    }
  }
  for (const id of findParityGaps(points)) addFlag(quotes, id, 'IV_PARITY');
  const snapshot = { asOf: input.asOf, underlyings, instruments: quotes, fx: orderedFx(input.fx ?? []) };
  fillFromSurfaces(snapshot, input.instruments, sources);
  return {
    snapshot,
    volatilitySources: sources,
    flagCounts: countFlags(quotes.values()),
  };
}

interface Settled {
  readonly quote: InstrumentQuote;
  readonly source?: VolatilitySource;
}

function settle(
  quote: InstrumentQuote,
  terms: Instrument,
  context: { readonly underlying: UnderlyingQuote; readonly limits: QuoteLimits; readonly input: SnapshotInput },
): Settled {
  const { underlying, limits, input } = context;
  const isOption = terms.type === 'option';
  const flags = new Set(checkQuote(quote, { asOf: input.asOf, settlement: terms.settlement, isOption, limits }));
  if (!isOption) return { quote: { ...quote, flags: inListOrder(flags) } };
  const carry = forwardToExpiry(underlying, input.asOf, terms.expiry);
  const spot = underlying.price?.toNumber() ?? null;
  const rung = climbVolatilityLadder(terms, { ...quote, flags: [...flags] }, { carry, spot, limits });
  for (const flag of rung.flags) flags.add(flag);
  if (carry !== null && isBelowIntrinsic(terms, quote, { carry, spot })) flags.add('PRICE_BELOW_INTRINSIC');
  return { quote: { ...quote, impliedVolatility: rung.volatility, flags: inListOrder(flags) }, source: rung.source };
}

/** Rung 5 of the ladder: what no price tells is read off the surface of the underlying, where the surface fits. */
function fillFromSurfaces(
  snapshot: MarketSnapshot & { readonly instruments: Map<string, InstrumentQuote> },
  instruments: ReadonlyMap<string, Instrument>,
  sources: Map<string, VolatilitySource>,
): void {
  const surfaces = new Map<string, VolatilitySurface | null>();
  const filled: InstrumentQuote[] = [];
  for (const [id, source] of sources) {
    const option = instruments.get(id);
    const quote = snapshot.instruments.get(id);
    if (source !== 'none' || option?.type !== 'option' || quote === undefined) continue;
    let surface = surfaces.get(option.underlying);
    if (surface === undefined) {
      surface = buildVolatilitySurface(snapshot, instruments, option.underlying);
      surfaces.set(option.underlying, surface);
    }
    const volatility = surface === null ? null : trustedVolatility(surface, option);
    if (volatility !== null) filled.push({ ...quote, impliedVolatility: volatility });
  }
  for (const quote of filled) {
    snapshot.instruments.set(quote.instrumentId, quote);
    sources.set(quote.instrumentId, 'surface');
  }
}

function trustedVolatility(surface: VolatilitySurface, option: OptionInstrument): number | null {
  const { expiry } = option;
  if (expiry <= surface.asOf || !option.strike.greaterThan(0)) return null;
  if (surface.findings.some((finding) => finding.code === 'FIT_MISSED' && finding.expiry === expiry)) return null;
  return surfaceVolatility(surface, { strike: option.strike.toNumber(), expiry });
}

function byIdentifier<Item>(items: readonly Item[], idOf: (item: Item) => string, what: string): Map<string, Item> {
  const ordered = [...items].sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1));
  const byId = new Map(ordered.map((item) => [idOf(item), item]));
  if (byId.size < ordered.length) {
    const repeated = ordered.find((item, index) => index > 0 && idOf(ordered[index - 1] as Item) === idOf(item));
    const id = repeated === undefined ? '' : idOf(repeated);
    throw new DomainError('INVALID_MARKET_DATA', `the ${what} ${id} is quoted twice`, id);
  }
  return byId;
}

function addFlag(quotes: Map<string, InstrumentQuote>, id: string, flag: QuoteFlag): void {
  const quote = quotes.get(id);
  if (quote !== undefined) quotes.set(id, { ...quote, flags: inListOrder(new Set([...quote.flags, flag])) });
}

function orderedFx(rates: readonly FxRate[]): FxRate[] {
  const keyOf = (rate: FxRate) => `${rate.from} ${rate.to}`;
  return [...rates].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function countFlags(quotes: Iterable<InstrumentQuote>): Map<QuoteFlag, number> {
  const counts = new Map<QuoteFlag, number>();
  for (const { flags } of quotes) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
}
