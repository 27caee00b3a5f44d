import { type Instant, type Instrument, type InstrumentQuote, instantOf } from '@ballast/domain';
import type { MarketContent, SecondSource, TableRow, UnderlyingRecord } from '@ballast/formats';
import { defaultQuoteLimits, type OtherPrice, type QuoteLimits, takeQuote, takeUnderlying } from '@ballast/market-data';

/** How old a price may be, and at what instant. */
export interface SourceMoment {
  readonly asOf: Instant;
  readonly limits: QuoteLimits;
}

/** A market after other sources were asked, and what was taken from them. */
export interface ConsolidatedMarket {
  readonly content: MarketContent;
  /** One line per price that did not come from the market's own files alone. */
  readonly notes: readonly string[];
}

/** Most prices that are named one by one. */
const namedMaximum = 20;

/** Identifiers that other sources quote and the market's own files do not. */
export function quotedElsewhere(content: MarketContent, others: readonly SecondSource[]): readonly string[] {
  const own = new Set(content.quotes.map(({ value }) => value.instrumentId));
  const theirs = new Set(others.flatMap(({ quotes }) => quotes.map(({ value }) => value.instrumentId)));
  return [...theirs].filter((id) => !own.has(id)).sort();
}

/**
 * The rows of a market with those that only another source has: what the own files lack stands there as a price or quote
 * that is missing. Contracts and underlyings the firm does not know are left out, and so are contracts that expired.
 */
export function withRowsOfOthers(
  content: MarketContent,
  others: readonly SecondSource[],
  known: { readonly instruments: ReadonlyMap<string, Instrument>; readonly underlyings: ReadonlyMap<string, unknown> },
): MarketContent {
  if (others.length === 0) return content;
  const underlyings = new Map(content.underlyings.map((row) => [row.value.underlyingId, row]));
  const quotes = new Map(content.quotes.map((row) => [row.value.instrumentId, row]));
  for (const { line, value } of others.flatMap((other) => other.underlyings)) {
    const id = value.underlyingId;
    if (known.underlyings.has(id) && !underlyings.has(id))
      underlyings.set(id, { line, value: { ...value, price: null } });
  }
  for (const { line, value } of others.flatMap((other) => other.quotes)) {
    const terms = known.instruments.get(value.instrumentId);
    if (terms === undefined || quotes.has(terms.id) || !underlyings.has(terms.underlying)) continue;
    if ('expiry' in terms && terms.expiry <= value.quotedAt) continue;
    quotes.set(terms.id, { line, value: emptyQuote(value) });
  }
  return { ...content, underlyings: [...underlyings.values()], quotes: [...quotes.values()] };
}

/** Takes every price of a market from its own and the other sources; see `takeUnderlying` and `takeQuote`. */
export function consolidateMarket(
  content: MarketContent,
  others: readonly SecondSource[],
  context: SourceMoment & { readonly instruments: ReadonlyMap<string, Instrument> },
): ConsolidatedMarket {
  if (others.length === 0) return { content, notes: [] };
  const notes: string[] = [];
  const prices = groupRows(others.flatMap(({ file, underlyings }) => underlyings.map((row) => ({ ...row, file }))), ({ underlyingId }) => underlyingId); // prettier-ignore
  const quotesOfOthers = groupRows(
    others.flatMap(({ quotes }) => quotes),
    ({ instrumentId }) => instrumentId,
  );
  const underlyings = content.underlyings.map((row): TableRow<UnderlyingRecord> => {
    const stated = (prices.get(row.value.underlyingId) ?? []).map(({ file, value }, index): OtherPrice => {
      // One file may come twice: each price has a name of its own.
      return { source: `${index + 1} ${file}`, price: value.price, quotedAt: value.quotedAt ?? context.asOf };
    });
    return stated.length === 0 ? row : { ...row, value: priceOf(row.value, stated, { ...context, notes }) };
  });
  const quotes = content.quotes.map((row): TableRow<InstrumentQuote> => {
    const stated = quotesOfOthers.get(row.value.instrumentId) ?? [];
    const terms = context.instruments.get(row.value.instrumentId);
    if (terms === undefined) return row;
    const checks = { ...context, settlement: terms.settlement, isOption: terms.type === 'option' };
    const taken = takeQuote(row.value, stated.map(({ value }) => value), checks); // prettier-ignore
    if (taken === row.value) return row;
    notes.push(`${terms.id}: quote of another source: ${taken.flags.join(', ')}`);
    return { ...row, value: taken };
  });
  const rest = notes.length - namedMaximum;
  const told = rest > 0 ? [...notes.slice(0, namedMaximum), `… and ${rest} more`] : notes;
  return { content: { ...content, underlyings, quotes }, notes: told.map((note) => `second source: ${note}`) };
}

function priceOf(
  record: UnderlyingRecord,
  stated: readonly OtherPrice[],
  { asOf, limits, notes }: SourceMoment & { readonly notes: string[] },
): UnderlyingRecord {
  const { underlyingId, price, quotedAt = asOf } = record;
  const taken = takeUnderlying({ ...record, quotedAt }, stated, { asOf, ageMaximumMs: limits.ageMaximumMs });
  const { flags = [] } = taken;
  if (flags.length > 0) {
    const [now, own] = [taken.price, price].map((found) => found?.toFixed() ?? 'none');
    notes.push(`${underlyingId}: ${now} from ${stated.length + 1} sources, own ${own}: ${flags.join(', ')}`);
  }
  return taken;
}

function groupRows<Row extends { readonly value: unknown }>(
  rows: readonly Row[],
  idOf: (value: Row['value']) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const id = idOf(row.value);
    const group = groups.get(id);
    if (group === undefined) groups.set(id, [row]);
    else group.push(row);
  }
  return groups;
}

/** The instant of a market of several sources: the stated one, else that of the latest quote of any. */
export function momentOfSources(
  content: MarketContent,
  others: readonly SecondSource[],
  stated: { readonly asOf?: Instant; readonly ageMaximumMs?: number },
): SourceMoment {
  const limits = {
    ...defaultQuoteLimits,
    ...(stated.ageMaximumMs === undefined ? {} : { ageMaximumMs: stated.ageMaximumMs }),
  };
  if (stated.asOf !== undefined) return { asOf: stated.asOf, limits };
  let latest = Number.NEGATIVE_INFINITY;
  for (const part of [content, ...others]) {
    for (const { value } of part.quotes) latest = Math.max(latest, value.quotedAt);
    for (const { value } of part.underlyings) latest = Math.max(latest, value.quotedAt ?? latest);
  }
  return { asOf: instantOf(latest), limits };
}

function emptyQuote(quote: InstrumentQuote): InstrumentQuote {
  return { ...quote, bid: null, ask: null, mark: null, impliedVolatility: null };
}
