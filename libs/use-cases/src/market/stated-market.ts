import {
  type Decimal,
  findUnderlyingFaults,
  formatInstant,
  type ForwardQuote,
  type FxRate,
  type Instant,
  type Instrument,
  parseCurrency,
  type UnderlyingKind,
} from '@ballast/domain';
import { RefusalList } from '../caller/refusal-list';

/** State of an underlying as a client states it. */
export interface StatedUnderlying {
  readonly underlyingId: string;
  readonly kind: UnderlyingKind;
  readonly currency: string;
  /** Spot or index price; null when there is none, then forwards come from put-call parity. */
  readonly price: Decimal | null;
  /** Continuously compounded, [1/year]. */
  readonly rate: number;
  readonly dividendYield: number;
  /** When the source stated the price; the instant of the snapshot when absent. */
  readonly quotedAt?: Instant | undefined;
  readonly forwards: readonly ForwardQuote[];
}

/** Quote of a contract as a client states it; prices per unit in the contract's currency. */
export interface StatedQuote {
  readonly instrumentId: string;
  readonly bid: Decimal | null;
  readonly ask: Decimal | null;
  readonly mark: Decimal | null;
  /** [1/√year], 0.2 = 20 %. */
  readonly impliedVolatility: number | null;
  /** Contracts open, and contracts that trade on an average day, ≥ 0; absent = not known. */
  readonly openInterest?: Decimal;
  readonly volume?: Decimal;
  readonly quotedAt?: Instant | undefined;
}

/** A market as a client states it. */
export interface StatedMarket {
  readonly underlyings: readonly StatedUnderlying[];
  readonly quotes: readonly StatedQuote[];
  readonly fx: readonly FxRate[];
}

/** What the record knows about the names in a stated market. */
export interface MarketKnowledge {
  readonly known: ReadonlyMap<string, { readonly kind: string; readonly currency: string }>;
  /** Terms of the stated contracts that exist. */
  readonly instruments: ReadonlyMap<string, Instrument>;
}

/** A clock of a source may be ahead of ours by this much [ms]. */
export const clockSkewMs = 2_000;

/**
 * Checks a stated market against itself and against what is known: nothing is named twice, contracts and their
 * underlyings exist, figures are possible, nothing is quoted after the snapshot or after its expiry.
 *
 * @throws InputRefusals naming every member to blame; DomainError 'INVALID_CURRENCY'
 */
export function requireConsistent(market: StatedMarket & { readonly asOf: Instant }, knowledge: MarketKnowledge): void {
  const { underlyings, quotes, fx, asOf } = market;
  const { known, instruments } = knowledge;
  const refusals = new RefusalList();
  checkUnderlyings(underlyings, { known, asOf }, refusals);
  checkQuotes(quotes, { instruments, underlyings, asOf }, refusals);
  checkRates(fx, refusals);
  refusals.refuseIfAny();
}

function checkUnderlyings(
  underlyings: readonly StatedUnderlying[],
  context: {
    readonly known: ReadonlyMap<string, { readonly kind: string; readonly currency: string }>;
    readonly asOf: Instant;
  },
  refusals: RefusalList,
): void {
  const seen = new Set<string>();
  for (const [index, state] of underlyings.entries()) {
    const at = `underlyings.${index}`;
    const { underlyingId: id, kind, currency, quotedAt } = state;
    if (seen.has(id)) refusals.add(`${at}.underlyingId`, `${id} is named before`);
    seen.add(id);
    parseCurrency(currency, `${at}.currency`);
    const before = context.known.get(id);
    if (before !== undefined && (before.kind !== kind || before.currency !== currency)) {
      const message = `${id} is known as ${before.kind} in ${before.currency}, here ${kind} in ${currency}`;
      refusals.add(`${at}.underlyingId`, message);
    }
    for (const { field, reason } of findUnderlyingFaults(state)) {
      const value = state[field];
      refusals.add(`${at}.${field}`, `${id}: ${field} ${String(value)}: ${reason}`);
    }
    if (quotedAt !== undefined && quotedAt > context.asOf + clockSkewMs)
      refusals.add(`${at}.quotedAt`, `${id}: quoted at ${formatInstant(quotedAt)}, after the snapshot`);
    for (const [place, { expiry }] of state.forwards.entries()) {
      if (expiry <= context.asOf)
        refusals.add(`${at}.forwards.${place}.expiry`, `${id}: a forward that ended at ${formatInstant(expiry)}`);
    }
  }
}

function checkQuotes(
  quotes: readonly StatedQuote[],
  context: {
    readonly instruments: ReadonlyMap<string, Instrument>;
    readonly underlyings: readonly StatedUnderlying[];
    readonly asOf: Instant;
  },
  refusals: RefusalList,
): void {
  const stated = new Set(context.underlyings.map(({ underlyingId }) => underlyingId));
  const seen = new Set<string>();
  for (const [index, quote] of quotes.entries()) {
    const { instrumentId: id, impliedVolatility, quotedAt = context.asOf } = quote;
    const at = `quotes.${index}`;
    if (seen.has(id)) refusals.add(`${at}.instrumentId`, `${id} is named before`);
    seen.add(id);
    if (impliedVolatility !== null && !(impliedVolatility >= 0 && impliedVolatility < Infinity))
      refusals.add(`${at}.impliedVolatility`, `${id}: a volatility is not negative, got ${impliedVolatility}`);
    for (const field of ['openInterest', 'volume'] as const) {
      if (quote[field]?.isNegative())
        refusals.add(`${at}.${field}`, `${id}: a count is not negative, got ${quote[field].toFixed()}`);
    }
    const terms = context.instruments.get(id);
    if (terms === undefined) {
      refusals.add(`${at}.instrumentId`, `no such instrument: ${id}`, 'NOT_FOUND');
      continue;
    }
    if (!stated.has(terms.underlying))
      refusals.add(`${at}.instrumentId`, `${id}: its underlying ${terms.underlying} is not stated`);
    if ('expiry' in terms && terms.expiry <= quotedAt)
      refusals.add(`${at}.instrumentId`, `${id} expired at ${formatInstant(terms.expiry)}, before the quote`);
    if (quotedAt > context.asOf + clockSkewMs)
      refusals.add(`${at}.quotedAt`, `${id}: quoted at ${formatInstant(quotedAt)}, after the snapshot`);
  }
}

function checkRates(fx: readonly FxRate[], refusals: RefusalList): void {
  for (const [index, { from, to, rate }] of fx.entries()) {
    parseCurrency(from, `fx.${index}.from`);
    parseCurrency(to, `fx.${index}.to`);
    if (from === to) refusals.add(`fx.${index}.to`, `${to}: equal to from`);
    if (!rate.greaterThan(0))
      refusals.add(`fx.${index}.rate`, `${from} to ${to}: must be greater than 0, got ${rate.toFixed()}`);
    const other = fx.slice(0, index).find((before) => before.from === from && before.to === to);
    if (other !== undefined) refusals.add(`fx.${index}.to`, `${from} to ${to} is stated before`);
  }
}
