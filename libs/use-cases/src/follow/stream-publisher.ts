import { formatInstant } from '@ballast/domain';
import {
  Database,
  MarketSnapshotStore,
  MarketStreamStore,
  type TenantContext,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { isFrozen } from '../market/market-guard';
import { UseCaseError } from '../caller/use-case-error';
import { ChangePlacer, type PlacedChanges } from './change-placer';
import type { CommittedSnapshot, StreamBatch } from './follow-report';
import { type JudgedSnapshot, MarketJudge } from './market-judge';
import type { PendingChange } from './stream-intake';
import { adoptMarket, keepMarket, movedOf, newSession, type StreamSession } from './stream-session';

/** What waits for a snapshot. */
export interface PendingSnapshot {
  readonly changes: readonly PendingChange[];
  readonly files: readonly NonNullable<StreamBatch['file']>[];
  readonly position: number | null;
  /** What is wrong with the stream as a whole. */
  readonly notices: readonly string[];
}

/** What became of what waited for a snapshot. */
export interface PublishedChanges extends PlacedChanges {
  /** Null when nothing was new. */
  readonly committed: CommittedSnapshot | null;
}

/** Makes snapshots of what a stream said, each past the guard that files pass, and remembers how far it was taken. */
@Injectable()
export class StreamPublisher {
  constructor(
    private readonly database: Database,
    private readonly placer: ChangePlacer,
    private readonly judge: MarketJudge,
    private readonly snapshots: MarketSnapshotStore,
    private readonly streams: MarketStreamStore,
  ) {}

  /** Begins with the newest believed snapshot and what this stream committed since, and where it was left. */
  async open(
    context: TenantContext,
    { stream, recordedBy, limits }: Pick<StreamSession, 'stream' | 'recordedBy' | 'limits'>,
  ): Promise<StreamSession> {
    const session = newSession({ context, stream, recordedBy, limits });
    await this.database.withTenant(context, async (transaction) => {
      const position = await this.streams.findPosition(transaction, stream);
      // First, because the forwards of a snapshot are those of its underlyings and as old as these.
      if (position?.isKeptAside === true) await this.adopt(transaction, session, position.snapshotId);
      await this.adoptNewest(transaction, session);
      if (position !== null) session.marks.add(position.markId);
      session.position = position?.sequence ?? null;
    });
    return session;
  }

  /** Waits for what is done in the background. */
  async close(session: StreamSession): Promise<void> {
    await session.completing;
  }

  /**
   * Commits one snapshot of everything known, with the place in the stream up to which it goes.
   *
   * @throws UseCaseError 'CONFLICT' when another process committed to the stream meanwhile
   */
  async publish(session: StreamSession, pending: PendingSnapshot): Promise<PublishedChanges> {
    const { book, context, stream } = session;
    const { placed, judged } = await this.database.withTenant(context, async (transaction) => {
      const position = await this.streams.lockPosition(transaction, stream);
      if (position !== null && !session.marks.has(position.markId)) throw takenOver(stream);
      // Before the newest is read: what another stream commits between would be missing from this snapshot.
      await this.judge.lock(transaction);
      await this.adoptNewest(transaction, session);
      const placed = await this.placer.place(transaction, session, pending.changes);
      const judged = await this.commit(transaction, session, pending);
      await this.markFiles(transaction, session, pending);
      return { placed, judged };
    });
    session.position = pending.position;
    if (judged === null) return { ...placed, committed: null };
    session.marks = new Set([...session.marks].slice(-1));
    book.settle(judged.built);
    keepMarket(session, judged.market);
    const moved = movedOf(session);
    session.changed = new Set();
    for (const id of moved) session.owed.add(id);
    for (const currency of session.changedCurrencies) session.owedCurrencies.add(currency);
    session.changedCurrencies = new Set();
    const { header, isNew, event, quotes } = judged;
    const frozen = isFrozen(event);
    if (isNew && !frozen) session.baseId = header.id;
    if (judged.wantsCompletion) this.completeAside(session, header.id);
    if (!isNew) return { ...placed, committed: null };
    const committed = {
      ...{ snapshotId: header.id, hash: header.hash, quality: header.quality, qualityReasons: header.qualityReasons },
      ...{ asOf: formatInstant(header.asOf), frozen, moved, quotes },
    };
    return { ...placed, committed };
  }

  /** Stores the book as a snapshot; null when nothing in it is new. */
  private async commit(
    transaction: TenantTransaction,
    session: StreamSession,
    { position, notices }: PendingSnapshot,
  ): Promise<JudgedSnapshot | null> {
    const { stream, recordedBy } = session;
    const asOf = session.book.latest();
    if (asOf === null || session.changed.size + session.changedCurrencies.size === 0) return null;
    const source = `stream ${stream}${position === null ? '' : ` to message ${position}`}`;
    const judged = await this.judge.store(transaction, session, { asOf, source, notices });
    const snapshotId = judged.header.id;
    const marks = await this.streams.record(transaction, [
      { kind: 'COMMITTED', stream, recordedBy, snapshotId, sequence: position },
    ]);
    for (const id of marks) session.marks.add(id);
    return judged;
  }

  /** The stream does not wait for it; what fails is tried again after one of the next snapshots. */
  private completeAside(session: StreamSession, snapshotId: string): void {
    session.completing ??= this.judge
      .complete(session, snapshotId)
      .catch(() => undefined)
      .finally(() => (session.completing = null));
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
    await this.placer.learnTerms(transaction, session, [...stored.snapshot.instruments.keys()]);
    adoptMarket(session, stored);
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
