import type { FxRate, Instant, Instrument, InstrumentQuote, MarketSnapshot, QuoteFlag } from '@ballast/domain';
import type { FeedObservation } from '../guard/circuit-breaker';
import { type GuardedSnapshot, observationOf } from '../guard/guard-snapshot';
import type { QuoteLimits } from '../quote-check';
import { findingsOf, joinFindings, type SnapshotFindings } from '../snapshot-quality';
import type { VolatilitySource } from '../volatility-ladder';

/**
 * One underlying of a followed market with its forwards and contracts, and what was found on them. Nothing in it depends on
 * another underlying, so it stands until something is said of it or time changes how it reads.
 */
export interface MarketPart {
  /** This underlying and its contracts alone. */
  readonly market: MarketSnapshot;
  readonly findings: SnapshotFindings;
  readonly bad: Pick<FeedObservation, 'badInstruments' | 'badUnderlyings'>;
  /**
   * From this instant on it reads otherwise although nothing is said of it: something in it turns stale or expires. At once
   * where a value stands in for another one, or is compared with those before it.
   */
  readonly dueAt: number;
}

/** Findings that the next look at the same value may not make again, and values that change with their age. */
const passingFlags: ReadonlySet<QuoteFlag> = new Set<QuoteFlag>([
  'Q_FUTURE', 'Q_OUT_OF_ORDER', 'Q_DUP', 'Q_SPIKE', 'FALLBACK_LAST_GOOD', 'FALLBACK_CONSERVATIVE',
]); // prettier-ignore

const nothingFound: SnapshotFindings = {
  ...{ instrumentCount: 0, flagCounts: new Map(), byVolatility: 0, withoutVolatility: 0, reasons: [] },
};

/** Takes a market apart that passed the guard, by its underlyings. */
export function partsOf(
  { built, observation }: GuardedSnapshot,
  context: { readonly instruments: ReadonlyMap<string, Instrument>; readonly limits: QuoteLimits },
): Map<string, MarketPart> {
  const markets = marketsByUnderlying(built.snapshot, context.instruments);
  const badContracts = new Set(observation.badInstruments);
  return new Map(
    [...markets].map(([id, market]) => {
      const names = [...market.instruments.keys()];
      const sources = names.flatMap((name) => {
        const source = built.volatilitySources.get(name);
        return source === undefined ? [] : [[name, source] as const];
      });
      const part = { snapshot: market, volatilitySources: new Map(sources), flagCounts: countFlags(market) };
      const bad = {
        badInstruments: names.filter((name) => badContracts.has(name)),
        badUnderlyings: observation.badUnderlyings.filter((underlying) => underlying.id === id),
      };
      return [id, { market, findings: findingsOf(part), bad, dueAt: dueAt(market, context) }];
    }),
  );
}

/** Takes a stored market apart, which passed the guard when it was stored: its flags tell what was found. */
export function judgedParts(market: MarketSnapshot, context: Parameters<typeof partsOf>[1]): Map<string, MarketPart> {
  const volatilitySources = new Map<string, VolatilitySource>();
  for (const [id, { impliedVolatility, flags }] of market.instruments) {
    if (context.instruments.get(id)?.type !== 'option') continue;
    const known = flags.includes('FALLBACK_SURFACE') ? 'surface' : 'quoted';
    volatilitySources.set(id, impliedVolatility === null ? 'none' : known);
  }
  const built = { snapshot: market, volatilitySources, flagCounts: countFlags(market) };
  return partsOf({ built, observation: observationOf(built) }, context);
}

/** Takes a market apart that somebody stored while the stream went on: each part is due at once. */
export function unjudgedParts(
  market: MarketSnapshot,
  instruments: ReadonlyMap<string, Instrument>,
): Map<string, MarketPart> {
  const bad = { badInstruments: [], badUnderlyings: [] };
  const dueAt = Number.NEGATIVE_INFINITY;
  return new Map(
    [...marketsByUnderlying(market, instruments)].map(([id, own]) => [
      id,
      { market: own, findings: nothingFound, bad, dueAt },
    ]),
  );
}

/** What was found on the whole market at an instant. */
export function joinParts(
  parts: ReadonlyMap<string, MarketPart>,
  at: Instant,
): { readonly findings: SnapshotFindings; readonly observation: FeedObservation } {
  const ordered = [...parts].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, part]) => part);
  const findings = joinFindings(ordered.map((part) => part.findings));
  return {
    findings,
    observation: {
      at,
      instrumentCount: findings.instrumentCount,
      badInstruments: ordered.flatMap(({ bad }) => bad.badInstruments),
      badUnderlyings: ordered.flatMap(({ bad }) => bad.badUnderlyings),
    },
  };
}

/** The market of some underlyings alone. */
export function marketOfParts(
  parts: ReadonlyMap<string, MarketPart>,
  { asOf, fx, ids }: { readonly asOf: Instant; readonly fx: readonly FxRate[]; readonly ids: Iterable<string> },
): MarketSnapshot {
  const markets = [...ids].flatMap((id) => parts.get(id)?.market ?? []);
  return {
    asOf,
    underlyings: new Map(markets.flatMap(({ underlyings }) => [...underlyings])),
    instruments: new Map(markets.flatMap(({ instruments }) => [...instruments])),
    fx,
  };
}

function marketsByUnderlying(
  { asOf, underlyings, instruments }: MarketSnapshot,
  terms: ReadonlyMap<string, Instrument>,
): Map<string, MarketSnapshot> {
  const contracts = new Map<string, Map<string, InstrumentQuote>>([...underlyings.keys()].map((id) => [id, new Map()]));
  for (const [id, quote] of instruments) contracts.get(terms.get(id)?.underlying ?? '')?.set(id, quote);
  return new Map(
    [...underlyings].map(([id, quote]) => [
      id,
      { asOf, underlyings: new Map([[id, quote]]), instruments: contracts.get(id) ?? new Map(), fx: [] },
    ]),
  );
}

function dueAt(
  { underlyings, instruments }: MarketSnapshot,
  context: { readonly instruments: ReadonlyMap<string, Instrument>; readonly limits: QuoteLimits },
): number {
  const { ageMaximumMs, underlyingAgeMaximumMs = ageMaximumMs } = context.limits;
  let due = Number.POSITIVE_INFINITY;
  const note = (flags: readonly QuoteFlag[], staleAt: number): void => {
    if (flags.some((flag) => passingFlags.has(flag))) due = Number.NEGATIVE_INFINITY;
    // Stale is what is older than the limit, not what is as old.
    if (!flags.includes('Q_STALE')) due = Math.min(due, staleAt + 1);
  };
  for (const { flags = [], quotedAt, forwards } of underlyings.values()) {
    note(flags, quotedAt + underlyingAgeMaximumMs);
    for (const { expiry } of forwards) due = Math.min(due, expiry);
  }
  for (const [id, { flags, quotedAt }] of instruments) {
    note(flags, quotedAt + ageMaximumMs);
    const terms = context.instruments.get(id);
    if (terms !== undefined && 'expiry' in terms) due = Math.min(due, terms.expiry);
  }
  return due;
}

function countFlags({ instruments }: MarketSnapshot): Map<QuoteFlag, number> {
  const counts = new Map<QuoteFlag, number>();
  for (const { flags } of instruments.values()) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1);
  return counts;
}
