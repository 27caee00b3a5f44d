import {
  findUnderlyingFaults,
  formatInstant,
  type Instant,
  type Instrument,
  type UnderlyingQuote,
} from '@ballast/domain';
import type { FileProblem, MarketContent } from '@ballast/formats';
import {
  buildVolatilitySurface,
  compareMoments,
  MarketBook,
  type QuoteLimits,
  type VolatilitySurface,
} from '@ballast/market-data';
import {
  Database,
  InstrumentStore,
  MarketSnapshotStore,
  MarketStreamStore,
  type TenantContext,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { assembleMarket } from '../market/assemble-market';
import { isFrozen, MarketGuard, type PublishedSnapshot } from '../market/market-guard';
import { UseCaseError } from '../caller/use-case-error';
import type { CommittedSnapshot, StreamBatch } from './follow-report';
import type { PendingChange } from './stream-intake';

/** What is remembered of a stream between two snapshots. */
export interface StreamSession {
  readonly context: TenantContext;
  readonly stream: string;
  readonly recordedBy: string;
  readonly limits: QuoteLimits;
  readonly book: MarketBook;
  /** Terms of every contract of the book. */
  readonly terms: Map<string, Instrument>;
  /** The newest believed snapshot that the book knows. */
  baseId: string | null;
  /** Number of the last message committed; null where the source counts none. */
  position: number | null;
  /** The mark that tells the position, and those of commits of which nobody knows whether they took effect. */
  marks: Set<string>;
  /** Contracts and underlyings of which something was said since the last snapshot. */
  changed: Set<string>;
  /** Currencies of whose rates something was said since the last snapshot. */
  changedCurrencies: Set<string>;
  /** Underlyings that moved since accounts were last evaluated. */
  owed: Set<string>;
  /** Currencies whose rates did. */
  owedCurrencies: Set<string>;
  readonly surfaces: Map<string, VolatilitySurface>;
}

/** What waits for a snapshot. */
export interface PendingSnapshot {
  readonly changes: readonly PendingChange[];
  readonly files: readonly NonNullable<StreamBatch['file']>[];
  readonly position: number | null;
  /** What is wrong with the stream as a whole. */
  readonly notices: readonly string[];
}

/** What became of what waited for a snapshot. */
export interface PublishedChanges {
  /** Null when nothing was new. */
  readonly committed: CommittedSnapshot | null;
  /** Lines whose names are not known or contradict each other. */
  readonly rejected: readonly FileProblem[];
  /** Changes that are older than what others published meanwhile. */
  readonly outOfOrder: number;
}

/** Makes snapshots of what a stream said, each past the guard that files pass. */
@Injectable()
export class StreamPublisher {
  constructor(
    private readonly database: Database,
    private readonly instruments: InstrumentStore,
    private readonly snapshots: MarketSnapshotStore,
    private readonly guard: MarketGuard,
    private readonly streams: MarketStreamStore,
  ) {}

  /** Begins with the newest believed snapshot and what this stream committed since, and where it was left. */
  async open(
    context: TenantContext,
    settings: Pick<StreamSession, 'stream' | 'recordedBy' | 'limits'>,
  ): Promise<StreamSession> {
    const terms = new Map<string, Instrument>();
    const session: StreamSession = {
      ...settings,
      context,
      terms,
      book: new MarketBook((id) => terms.get(id)?.underlying),
      baseId: null,
      position: null,
      marks: new Set(),
      changed: new Set(),
      changedCurrencies: new Set(),
      owed: new Set(),
      owedCurrencies: new Set(),
      surfaces: new Map(),
    };
    await this.database.withTenant(context, async (transaction) => {
      const position = await this.streams.findPosition(transaction, settings.stream);
      // First, because the forwards of a snapshot are those of its underlyings and as old as these.
      if (position?.isKeptAside === true) await this.adopt(transaction, session, position.snapshotId);
      await this.adoptNewest(transaction, session);
      if (position !== null) session.marks.add(position.markId);
      session.position = position?.sequence ?? null;
    });
    return session;
  }

  /**
   * Commits one snapshot of everything known, with the place in the stream up to which it goes.
   *
   * @throws UseCaseError 'CONFLICT' when another process committed to the stream meanwhile
   */
  async publish(session: StreamSession, pending: PendingSnapshot): Promise<PublishedChanges> {
    const { book, context, stream } = session;
    const { placed, published } = await this.database.withTenant(context, async (transaction) => {
      const position = await this.streams.lockPosition(transaction, stream);
      if (position !== null && !session.marks.has(position.markId)) throw takenOver(stream);
      await this.adoptNewest(transaction, session);
      const placed = await this.place(transaction, session, pending);
      const published = await this.commit(transaction, session, pending);
      await this.markFiles(transaction, session, pending);
      return { placed, published };
    });
    session.position = pending.position;
    if (published === null) return { ...placed, committed: null };
    session.marks = new Set([...session.marks].slice(-1));
    book.settle(published.built);
    const moved = movedOf(session);
    session.changed = new Set();
    for (const id of moved) session.owed.add(id);
    for (const currency of session.changedCurrencies) session.owedCurrencies.add(currency);
    session.changedCurrencies = new Set();
    const { header, isNew, event, built } = published;
    const frozen = isFrozen(event);
    if (isNew && !frozen) session.baseId = header.id;
    if (!isNew) return { ...placed, committed: null };
    const committed = {
      ...{ snapshotId: header.id, hash: header.hash, quality: header.quality, qualityReasons: header.qualityReasons },
      ...{ asOf: formatInstant(header.asOf), frozen, moved, quotes: built.snapshot.instruments.size },
    };
    return { ...placed, committed };
  }

  /** Stores the book as a snapshot; null when nothing in it is new. */
  private async commit(
    transaction: TenantTransaction,
    session: StreamSession,
    pending: PendingSnapshot,
  ): Promise<PublishedSnapshot | null> {
    const { book, limits, terms } = session;
    const asOf = book.latest();
    if (asOf === null || session.changed.size === 0) return null;
    for (const id of book.instrumentIds) if (isExpired(terms.get(id), asOf)) book.drop(id);
    const built = assembleMarket(contentOf(book, asOf), terms, { asOf, limits });
    for (const id of movedOf(session)) session.surfaces.delete(id);
    const surfaces = [...built.snapshot.underlyings.keys()].flatMap((id) => {
      const surface = session.surfaces.get(id) ?? buildVolatilitySurface(built.snapshot, terms, id);
      if (surface !== null) session.surfaces.set(id, surface);
      return surface ?? [];
    });
    const names = [...book.instrumentIds, ...built.snapshot.underlyings.keys()];
    const carried = new Set(names.filter((id) => !session.changed.has(id)));
    const source = `stream ${session.stream}${pending.position === null ? '' : ` to message ${pending.position}`}`;
    const stored = await this.guard.publish(transaction, {
      ...{ built, instruments: terms, surfaces, source, limits, carried },
      notices: pending.notices,
    });
    const { stream, recordedBy } = session;
    const snapshotId = stored.header.id;
    const marks = await this.streams.record(transaction, [
      { kind: 'COMMITTED', stream, recordedBy, snapshotId, sequence: pending.position },
    ]);
    for (const id of marks) session.marks.add(id);
    return stored;
  }

  /** Others may have published a snapshot meanwhile: what it says and is newer goes into the book. */
  private async adoptNewest(transaction: TenantTransaction, session: StreamSession): Promise<void> {
    const newest = await this.snapshots.findLatest(transaction);
    if (newest === null || newest.id === session.baseId) return;
    await this.adopt(transaction, session, newest.id);
    session.baseId = newest.id;
    session.surfaces.clear();
  }

  private async adopt(transaction: TenantTransaction, session: StreamSession, snapshotId: string): Promise<void> {
    const stored = await this.snapshots.load(transaction, snapshotId);
    if (stored === null) return;
    await this.learnTerms(transaction, session, [...stored.snapshot.instruments.keys()]);
    session.book.adopt(stored.snapshot);
  }

  private async learnTerms(
    transaction: TenantTransaction,
    { terms }: StreamSession,
    ids: readonly string[],
  ): Promise<void> {
    const unknown = ids.filter((id) => !terms.has(id));
    if (unknown.length === 0) return;
    for (const [id, instrument] of await this.instruments.findByIds(transaction, unknown)) terms.set(id, instrument);
  }

  /** Puts what waits into the book, underlyings before what depends on them. */
  private async place(
    transaction: TenantTransaction,
    session: StreamSession,
    { changes }: PendingSnapshot,
  ): Promise<Omit<PublishedChanges, 'committed'>> {
    const rejected: FileProblem[] = [];
    let outOfOrder = 0;
    const quoted = changes.flatMap(({ change }) => (change.kind === 'quote' ? [change.value.instrumentId] : []));
    await this.learnTerms(transaction, session, quoted);
    const known = changes.some(({ change }) => change.kind === 'underlying')
      ? await this.instruments.findUnderlyings(transaction)
      : new Map<string, Pick<UnderlyingQuote, 'kind' | 'currency'>>();
    const order = ['underlying', 'forward', 'quote', 'fx'];
    const ordered = [...changes].sort(
      (left, right) => order.indexOf(left.change.kind) - order.indexOf(right.change.kind),
    );
    for (const { change, moment, place } of ordered) {
      const fault = faultOf({ change, moment, place }, session, known);
      if (fault !== null) {
        rejected.push({ ...place, ...fault });
        continue;
      }
      const statedAt = session.book.momentOf(change);
      if (statedAt !== undefined && compareMoments(moment, statedAt) < 0) {
        outOfOrder += 1;
        continue;
      }
      const isNew = change.kind === 'underlying' && !known.has(change.value.underlyingId);
      if (isNew) {
        const { underlyingId: id, kind, currency } = change.value as UnderlyingQuote;
        await this.instruments.upsertUnderlyings(transaction, [{ id, kind, currency }]);
      }
      session.book.take(completed(change, known), moment);
      for (const id of namesOf(change, session.book)) session.changed.add(id);
      if (change.kind !== 'fx') continue;
      session.changedCurrencies.add(change.value.from).add(change.value.to);
    }
    return { rejected, outOfOrder };
  }

  private async markFiles(
    transaction: TenantTransaction,
    { stream, recordedBy }: StreamSession,
    { files }: PendingSnapshot,
  ): Promise<void> {
    const marks = files.map((file) => ({ kind: 'FILE' as const, stream, recordedBy, ...file }));
    if (marks.length > 0) await this.streams.record(transaction, marks);
  }
}

/** Why a process stops following a stream. */
export function takenOver(stream: string): UseCaseError {
  return new UseCaseError('CONFLICT', `stream ${stream} is followed by another process`);
}

/** Underlyings of everything of which something was said. */
function movedOf({ changed, terms }: StreamSession): readonly string[] {
  return [...new Set([...changed].map((id) => terms.get(id)?.underlying ?? id))].sort();
}

type Fault = Pick<FileProblem, 'column' | 'value' | 'reason'>;

/** What is wrong with a change that its line alone could not tell; null when nothing is. */
function faultOf(
  { change, moment }: PendingChange,
  { book, terms }: StreamSession,
  known: ReadonlyMap<string, Pick<UnderlyingQuote, 'kind' | 'currency'>>,
): Fault | null {
  const { kind } = change;
  if (kind === 'fx') return null;
  if (kind === 'quote') {
    const { instrumentId: value } = change.value;
    const instrument = terms.get(value);
    const at = { column: 'instrument', value };
    if (instrument === undefined) return { ...at, reason: 'no such instrument; import instruments first' };
    if (book.underlying(instrument.underlying) === undefined)
      return { ...at, reason: `its underlying ${instrument.underlying} is not quoted` };
    if (isExpired(instrument, moment.at))
      return { ...at, column: 'timestamp', reason: `quoted at ${formatInstant(moment.at)}, after its expiry` };
    return null;
  }
  const { underlyingId: value } = change.value;
  const before = book.underlying(value);
  if (kind === 'forward') {
    if (before === undefined)
      return { column: 'underlying', value, reason: 'a forward of an underlying that is not quoted' };
    const { expiry } = change.value;
    if (expiry > moment.at) return null;
    return { column: 'expiry', value: formatInstant(expiry), reason: 'a forward that ended before it was stated' };
  }
  const stated = { ...known.get(value), ...before, ...defined(change.value) } as UnderlyingQuote;
  for (const field of ['kind', 'currency', 'rate', 'dividendYield'] as const)
    if (stated[field] === undefined)
      return { column: field, reason: `needed for ${value}, of which no snapshot knows it yet` };
  const registered = known.get(value);
  if (registered !== undefined && (registered.kind !== stated.kind || registered.currency !== stated.currency)) {
    const column = registered.kind !== stated.kind ? 'kind' : 'currency';
    return {
      column,
      value: stated[column],
      reason: `${value} is known as ${registered.kind} in ${registered.currency}`,
    };
  }
  const [fault] = findUnderlyingFaults(stated);
  return fault === undefined ? null : { column: fault.field, value: String(stated[fault.field]), reason: fault.reason };
}

/** An underlying with the kind and currency under which it is registered. */
function completed(
  change: PendingChange['change'],
  known: ReadonlyMap<string, Pick<UnderlyingQuote, 'kind' | 'currency'>>,
): PendingChange['change'] {
  if (change.kind !== 'underlying') return change;
  const { kind, currency } = { ...known.get(change.value.underlyingId), ...defined(change.value) };
  return { kind: 'underlying', value: { ...change.value, ...(kind && { kind }), ...(currency && { currency }) } };
}

function defined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Value;
}

/** A rate of exchange moves everything. */
function namesOf({ kind, value }: PendingChange['change'], book: MarketBook): readonly string[] {
  if (kind === 'quote') return [value.instrumentId];
  return kind === 'fx' ? book.underlyingIds : [value.underlyingId];
}

function isExpired(instrument: Instrument | undefined, at: Instant): boolean {
  return instrument !== undefined && 'expiry' in instrument && instrument.expiry <= at;
}

/** The book in the form in which files are read; a stream has no lines by then. */
function contentOf(book: MarketBook, asOf: Instant): MarketContent {
  const { underlyings, quotes, fx } = book.content(asOf);
  const rowOf = <Value>(value: Value) => ({ line: 0, value });
  return {
    files: { quotes: '', underlyings: '', forwards: '', fx: '' },
    instruments: [],
    underlyings: underlyings.map(rowOf),
    quotes: quotes.map(rowOf),
    forwards: underlyings
      .flatMap(({ underlyingId, forwards }) => forwards.map((forward) => ({ underlyingId, ...forward })))
      .map(rowOf),
    fx: fx.map(rowOf),
    rowCount: underlyings.length + quotes.length + fx.length,
    warnings: [],
  };
}
