import type {
  Decimal,
  FxRate,
  Instant,
  InstrumentQuote,
  MarketSnapshot,
  QuoteFlag,
  UnderlyingQuote,
} from '@ballast/domain';
import type { BuiltSnapshot } from '../build-snapshot';
import { keyOfChange, type MarketChange, type Moment } from './market-change';

interface QuoteEntry {
  quote: InstrumentQuote;
  /** Whether the quote came since the last snapshot was built, so that its own prices tell its volatility. */
  isFresh: boolean;
  /** Price of the underlying for which the quote held; null where it had none. */
  spot: Decimal | null;
}

interface ForwardEntry {
  readonly price: Decimal;
  readonly rate?: number;
  readonly rest: object;
  /** Price of the underlying for which the forward was stated. */
  readonly spot: Decimal | null;
}

/** Findings that a source states itself; all others are found anew with every snapshot. */
const statedFlags: readonly QuoteFlag[] = ['RATE_MISSING', 'DIV_MISSING', 'SYNTHETIC_FORWARD'];
const forwardDecimals = 8;

/**
 * The latest of everything a stream and the snapshots beside it said, from which whole snapshots are made.
 *
 * - A contract that is not quoted again stands as it was quoted while its underlying has the same price. After that its
 *   volatility stands (sticky strike) and its old price does not: the model values it, so a quote never meets a spot
 *   that it did not know.
 * - A stated forward keeps its carry: forward = stated forward × spot / spot then.
 */
export class MarketBook {
  private readonly quotes = new Map<string, QuoteEntry>();
  private readonly underlyings = new Map<string, Omit<UnderlyingQuote, 'forwards'>>();
  private readonly forwards = new Map<string, Map<Instant, ForwardEntry>>();
  private readonly rates = new Map<string, FxRate>();
  private readonly moments = new Map<string, Moment>();
  private adoptedAt = Number.NEGATIVE_INFINITY;

  /** @param underlyingOf  underlying of a contract; undefined for one that is not known */
  constructor(private readonly underlyingOf: (instrumentId: string) => string | undefined) {}

  /** When something was last stated; undefined when it never was. */
  momentOf(change: MarketChange): Moment | undefined {
    return this.moments.get(keyOfChange(change));
  }

  /** Whether the book says just this already. Of what a snapshot made of a forward or an old price that cannot be told: yes. */
  says(change: MarketChange): boolean {
    if (change.kind === 'forward') return true;
    if (change.kind === 'fx')
      return this.rates.get(`${change.value.from} ${change.value.to}`)?.rate.equals(change.value.rate) === true;
    if (change.kind === 'underlying')
      return isSame(this.underlyings.get(change.value.underlyingId)?.price ?? null, change.value.price);
    const known = this.quotes.get(change.value.instrumentId)?.quote;
    if (known === undefined) return false;
    const { bid, ask, mark } = known;
    if (bid === null && ask === null && mark === null) return true;
    return isSame(bid, change.value.bid) && isSame(ask, change.value.ask) && isSame(mark, change.value.mark);
  }

  underlying(id: string): Omit<UnderlyingQuote, 'forwards'> | undefined {
    return this.underlyings.get(id);
  }

  /** Identifiers of the contracts in the book. */
  get instrumentIds(): readonly string[] {
    return [...this.quotes.keys()];
  }

  get underlyingIds(): readonly string[] {
    return [...this.underlyings.keys()];
  }

  /** Currencies between which the book knows rates. */
  get currencies(): readonly string[] {
    return [...new Set([...this.rates.values()].flatMap(({ from, to }) => [from, to]))];
  }

  /** Takes from a snapshot what is newer than the book. */
  adopt(snapshot: MarketSnapshot): void {
    this.adoptedAt = Math.max(this.adoptedAt, snapshot.asOf);
    for (const [id, { forwards, ...quote }] of snapshot.underlyings) {
      if (!this.isNewer({ kind: 'underlying', value: quote }, { at: quote.quotedAt, sequence: null })) continue;
      const { flags = [], ...rest } = quote;
      // A price that a fallback put in is not one that the source stated.
      const price = flags.some(isFallback) ? null : quote.price;
      this.underlyings.set(id, { ...rest, price, ...keptFlags(flags) });
      this.forwards.set(id, this.newestForwards(quote, forwards));
    }
    for (const [id, quote] of snapshot.instruments) {
      if (!this.isNewer({ kind: 'quote', value: quote }, { at: quote.quotedAt, sequence: null })) continue;
      const spot = snapshot.underlyings.get(this.underlyingOf(id) ?? '')?.price ?? null;
      this.quotes.set(id, { quote: settledQuote(quote), isFresh: false, spot });
    }
    for (const rate of snapshot.fx)
      if (this.isNewer({ kind: 'fx', value: rate }, { at: snapshot.asOf, sequence: null }))
        this.rates.set(`${rate.from} ${rate.to}`, rate);
  }

  /** Takes a change; the caller has seen to it that it is newer than what is there and that its names are known. */
  take(change: MarketChange, moment: Moment): void {
    this.moments.set(keyOfChange(change), moment);
    const { value } = change;
    if (change.kind === 'quote') {
      const before = this.quotes.get(change.value.instrumentId)?.quote;
      const { openInterest = before?.openInterest, volume = before?.volume } = change.value;
      const counts = { ...(openInterest && { openInterest }), ...(volume && { volume }) };
      this.quotes.set(change.value.instrumentId, { quote: { ...change.value, ...counts }, isFresh: true, spot: null });
    } else if (change.kind === 'underlying') {
      const before = this.underlyings.get(change.value.underlyingId);
      const { kind, currency, rate, dividendYield } = { ...before, ...value } as UnderlyingQuote;
      const { underlyingId, price } = change.value;
      const flags = keptFlags(before?.flags ?? []);
      const rest = { ...before, underlyingId, price, kind, currency, rate, dividendYield, quotedAt: moment.at };
      const { flags: _, ...unflagged } = rest as UnderlyingQuote;
      this.underlyings.set(underlyingId, { ...unflagged, ...flags });
    } else if (change.kind === 'forward') {
      const { underlyingId, expiry, price, rate } = change.value;
      const known = this.forwards.get(underlyingId) ?? new Map<Instant, ForwardEntry>();
      const before = known.get(expiry);
      const stated = rate ?? before?.rate;
      const spot = this.underlyings.get(underlyingId)?.price ?? null;
      known.set(expiry, { price, ...(stated === undefined ? {} : { rate: stated }), rest: before?.rest ?? {}, spot });
      this.forwards.set(underlyingId, known);
    } else this.rates.set(`${change.value.from} ${change.value.to}`, change.value);
  }

  /** Leaves out a contract, because it expired. */
  drop(instrumentId: string): void {
    this.quotes.delete(instrumentId);
  }

  /** The latest instant at which anything in the book was stated, or for which a snapshot in it holds. */
  latest(): Instant | null {
    let latest = this.adoptedAt;
    for (const { at } of this.moments.values()) latest = Math.max(latest, at);
    return latest === Number.NEGATIVE_INFINITY ? null : (latest as Instant);
  }

  /** Everything in the book, as a snapshot is built from it at an instant. */
  content(asOf: Instant): {
    readonly underlyings: readonly UnderlyingQuote[];
    readonly quotes: readonly InstrumentQuote[];
    readonly fx: readonly FxRate[];
  } {
    const quotes = [...this.quotes].map(([id, entry]) => {
      const spot = this.underlyings.get(this.underlyingOf(id) ?? '')?.price ?? null;
      if (!entry.isFresh && entry.quote.impliedVolatility !== null && !isSame(spot, entry.spot))
        entry.quote = { ...entry.quote, bid: null, ask: null, mark: null };
      return entry.quote;
    });
    const underlyings = [...this.underlyings].map(([id, quote]): UnderlyingQuote => {
      return { ...quote, forwards: this.forwardsOf(id, asOf, quote.price) };
    });
    return { underlyings, quotes, fx: [...this.rates.values()] };
  }

  /** Keeps the volatilities that a built snapshot found for quotes that came since the one before it. */
  settle({ snapshot }: BuiltSnapshot): void {
    for (const [id, entry] of this.quotes) {
      const built = snapshot.instruments.get(id);
      if (built === undefined) continue;
      if (entry.isFresh) entry.quote = { ...entry.quote, impliedVolatility: settledQuote(built).impliedVolatility };
      entry.isFresh = false;
      entry.spot = snapshot.underlyings.get(this.underlyingOf(id) ?? '')?.price ?? null;
    }
  }

  private isNewer(change: MarketChange, moment: Moment): boolean {
    const known = this.momentOf(change);
    if (known !== undefined && moment.at <= known.at) return false;
    this.moments.set(keyOfChange(change), moment);
    return true;
  }

  /** The forwards of a snapshot, and of the book those that were stated after its underlying. */
  private newestForwards(
    { underlyingId, price: spot, quotedAt }: Omit<UnderlyingQuote, 'forwards'>,
    forwards: UnderlyingQuote['forwards'],
  ): Map<Instant, ForwardEntry> {
    const keyAt = (expiry: Instant, price: Decimal): MarketChange => ({ kind: 'forward', value: { underlyingId, expiry, price } }); // prettier-ignore
    const known = [...(this.forwards.get(underlyingId) ?? [])].filter(
      ([expiry, { price }]) => (this.momentOf(keyAt(expiry, price))?.at ?? quotedAt) > quotedAt,
    );
    const newest = new Map(known);
    for (const { expiry, price, rate, ...rest } of forwards) {
      if (newest.has(expiry)) continue;
      this.moments.set(keyOfChange(keyAt(expiry, price)), { at: quotedAt, sequence: null });
      newest.set(expiry, { price, ...(rate === undefined ? {} : { rate }), rest, spot });
    }
    return newest;
  }

  private forwardsOf(underlyingId: string, asOf: Instant, spot: Decimal | null): UnderlyingQuote['forwards'] {
    return [...(this.forwards.get(underlyingId) ?? [])]
      .filter(([expiry]) => expiry > asOf)
      .sort(([left], [right]) => left - right)
      .map(([expiry, { price, rate, rest, spot: then }]) => {
        const moved = spot === null || then === null || !then.greaterThan(0) || spot.equals(then) ? price : price.times(spot).div(then).toDecimalPlaces(forwardDecimals); // prettier-ignore
        return { ...rest, expiry, price: moved, ...(rate === undefined ? {} : { rate }) };
      });
  }
}

/** A stored quote without what only its own snapshot could say of it. */
function settledQuote(quote: InstrumentQuote): InstrumentQuote {
  const isTrusted = !quote.flags.some((flag) => isFallback(flag) && flag !== 'FALLBACK_ONE_SIDED');
  return {
    ...quote,
    impliedVolatility: isTrusted ? quote.impliedVolatility : null,
    flags: quote.flags.filter(isStated),
  };
}

function isFallback(flag: QuoteFlag): boolean {
  return flag.startsWith('FALLBACK_');
}

function isStated(flag: QuoteFlag): boolean {
  return statedFlags.includes(flag);
}

function keptFlags(flags: readonly QuoteFlag[]): { readonly flags?: readonly QuoteFlag[] } {
  const kept = flags.filter(isStated);
  return kept.length === 0 ? {} : { flags: kept };
}

function isSame(left: Decimal | null, right: Decimal | null): boolean {
  return left === null || right === null ? left === right : left.equals(right);
}
