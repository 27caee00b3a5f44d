import type { Decimal, FxRate, Instant, InstrumentQuote, MarketSnapshot, UnderlyingQuote } from '@ballast/domain';
import type { BuiltSnapshot } from '../build-snapshot';
import { keyOfChange, type MarketChange, type Moment } from './market-change';
import { isFallback, keptFlags, settledQuote } from './settled-quote';

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
  /** Contracts of the book by their underlying. */
  private readonly contracts = new Map<string, Set<string>>();
  private readonly underlyings = new Map<string, Omit<UnderlyingQuote, 'forwards'>>();
  private readonly forwards = new Map<string, Map<Instant, ForwardEntry>>();
  private readonly rates = new Map<string, FxRate>();
  private readonly moments = new Map<string, Moment>();
  private latestAt = Number.NEGATIVE_INFINITY;

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
    this.latestAt = Math.max(this.latestAt, snapshot.asOf);
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
      this.setQuote(id, { quote: settledQuote(quote), isFresh: false, spot });
    }
    for (const rate of snapshot.fx)
      if (this.isNewer({ kind: 'fx', value: rate }, { at: snapshot.asOf, sequence: null }))
        this.rates.set(`${rate.from} ${rate.to}`, rate);
  }

  /** Takes a change; the caller has seen to it that it is newer than what is there and that its names are known. */
  take(change: MarketChange, moment: Moment): void {
    this.setMoment(change, moment);
    const { value } = change;
    if (change.kind === 'quote') {
      const before = this.quotes.get(change.value.instrumentId)?.quote;
      const { openInterest = before?.openInterest, volume = before?.volume } = change.value;
      const counts = { ...(openInterest && { openInterest }), ...(volume && { volume }) };
      this.setQuote(change.value.instrumentId, { quote: { ...change.value, ...counts }, isFresh: true, spot: null });
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
    this.contracts.get(this.underlyingOf(instrumentId) ?? '')?.delete(instrumentId);
  }

  /** The latest instant at which anything in the book was stated, or for which a snapshot in it holds. */
  latest(): Instant | null {
    return this.latestAt === Number.NEGATIVE_INFINITY ? null : (this.latestAt as Instant);
  }

  /** Contracts of an underlying. */
  contractsOf(underlyingId: string): readonly string[] {
    return [...(this.contracts.get(underlyingId) ?? [])];
  }

  /** The rates of exchange. */
  get fx(): readonly FxRate[] {
    return [...this.rates.values()];
  }

  /** What the book says of some underlyings and their contracts, all when absent, as a snapshot is built from it at an instant. */
  content(
    asOf: Instant,
    ids: Iterable<string> = this.underlyings.keys(),
  ): {
    readonly underlyings: readonly UnderlyingQuote[];
    readonly quotes: readonly InstrumentQuote[];
    readonly fx: readonly FxRate[];
  } {
    const underlyings: UnderlyingQuote[] = [];
    const quotes: InstrumentQuote[] = [];
    for (const id of ids) {
      const state = this.underlyings.get(id);
      if (state === undefined) continue;
      underlyings.push({ ...state, forwards: this.forwardsOf(id, asOf, state.price) });
      for (const contract of this.contracts.get(id) ?? []) {
        const entry = this.quotes.get(contract) as QuoteEntry;
        if (!entry.isFresh && entry.quote.impliedVolatility !== null && !isSame(state.price, entry.spot))
          entry.quote = { ...entry.quote, bid: null, ask: null, mark: null };
        quotes.push(entry.quote);
      }
    }
    return { underlyings, quotes, fx: this.fx };
  }

  /** Keeps the volatilities that a built snapshot found for quotes that came since the one before it. */
  settle({ snapshot }: BuiltSnapshot): void {
    for (const [id, built] of snapshot.instruments) {
      const entry = this.quotes.get(id);
      if (entry === undefined) continue;
      if (entry.isFresh) entry.quote = { ...entry.quote, impliedVolatility: settledQuote(built).impliedVolatility };
      entry.isFresh = false;
      entry.spot = snapshot.underlyings.get(this.underlyingOf(id) ?? '')?.price ?? null;
    }
  }

  private setQuote(id: string, entry: QuoteEntry): void {
    this.quotes.set(id, entry);
    const underlyingId = this.underlyingOf(id) ?? '';
    const known = this.contracts.get(underlyingId);
    if (known === undefined) this.contracts.set(underlyingId, new Set([id]));
    else known.add(id);
  }

  private setMoment(change: MarketChange, moment: Moment): void {
    this.moments.set(keyOfChange(change), moment);
    this.latestAt = Math.max(this.latestAt, moment.at);
  }

  private isNewer(change: MarketChange, moment: Moment): boolean {
    const known = this.momentOf(change);
    if (known !== undefined && moment.at <= known.at) return false;
    this.setMoment(change, moment);
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
      this.setMoment(keyAt(expiry, price), { at: quotedAt, sequence: null });
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

function isSame(left: Decimal | null, right: Decimal | null): boolean {
  return left === null || right === null ? left === right : left.equals(right);
}
