import { findUnderlyingFaults, formatInstant, type UnderlyingQuote } from '@ballast/domain';
import type { FileProblem } from '@ballast/formats';
import { compareMoments } from '@ballast/market-data';
import { InstrumentStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { PendingChange } from './stream-intake';
import { isExpired, type StreamSession } from './stream-session';

/** What became of changes that were to go into the book. */
export interface PlacedChanges {
  /** Lines whose names are not known or contradict each other. */
  readonly rejected: readonly FileProblem[];
  /** Changes that are older than what others published meanwhile. */
  readonly outOfOrder: number;
}

/** Checks what a stream said against what is known, and puts it into the book. */
@Injectable()
export class ChangePlacer {
  constructor(private readonly instruments: InstrumentStore) {}

  /** Reads the terms of contracts that the session does not know. */
  async learnTerms(transaction: TenantTransaction, session: StreamSession, ids: readonly string[]): Promise<void> {
    const { terms, termsByUnderlying } = session;
    const unknown = ids.filter((id) => !terms.has(id));
    if (unknown.length === 0) return;
    for (const [id, instrument] of await this.instruments.findByIds(transaction, unknown)) {
      terms.set(id, instrument);
      const known = termsByUnderlying.get(instrument.underlying);
      if (known === undefined) termsByUnderlying.set(instrument.underlying, new Map([[id, instrument]]));
      else known.set(id, instrument);
    }
  }

  /** Puts what waits into the book, underlyings before what depends on them. */
  async place(
    transaction: TenantTransaction,
    session: StreamSession,
    changes: readonly PendingChange[],
  ): Promise<PlacedChanges> {
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
      if (change.kind === 'fx') session.changedCurrencies.add(change.value.from).add(change.value.to);
      else session.changed.add(change.kind === 'quote' ? change.value.instrumentId : change.value.underlyingId);
    }
    return { rejected, outOfOrder };
  }
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
