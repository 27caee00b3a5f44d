import type { InstrumentQuote, MarketSnapshot } from '@ballast/domain';
import { InstrumentStore, type MarketSnapshotHeader, MarketSnapshotStore, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { momentAsked, type MomentQuestion } from '../question/moment-question';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

export type { MarketSnapshotHeader } from '@ballast/persistence';

/** Which quotes of a snapshot. */
export interface QuotePageQuestion {
  readonly snapshotId: string;
  /** Only contracts on this underlying. */
  readonly underlying?: string | undefined;
  readonly first: number;
  readonly after?: string | undefined;
}

/** Reads market snapshots: their heads, the states of their underlyings, and pages of their quotes. */
@Injectable()
export class ReadMarketSnapshot implements BatchRead<string, MarketSnapshotHeader | null> {
  constructor(
    private readonly snapshots: MarketSnapshotStore,
    private readonly instruments: InstrumentStore,
  ) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (MarketSnapshotHeader | null)[]> {
    requirePermission(session.principal, 'read-reference');
    const found = await session.read((tx) => this.snapshots.findByIds(tx, ids));
    return ids.map((id) => found.get(id) ?? null);
  }

  /**
   * The newest snapshot at a moment, by its own time; null while the firm has none by then. A past moment shows what was
   * known then, and where nothing was, what was learnt later.
   */
  async newest(session: ReadSession, question: MomentQuestion): Promise<MarketSnapshotHeader | null> {
    requirePermission(session.principal, 'read-reference');
    const { validAt, knownAt, isLearntLater, isNewest } = momentAsked(question);
    return session.read(async (tx) => {
      if (isNewest) return this.snapshots.findLatest(tx);
      const known = await this.snapshots.findAsOf(tx, validAt, knownAt);
      return known === null && isLearntLater ? this.snapshots.findAsOf(tx, validAt) : known;
    });
  }

  /** States of all underlyings and exchange rates, without quotes of contracts. */
  async states(session: ReadSession, snapshotId: string): Promise<Pick<MarketSnapshot, 'underlyings' | 'fx'>> {
    requirePermission(session.principal, 'read-reference');
    const stored = await session.read((tx) => this.snapshots.loadForInstruments(tx, snapshotId, []));
    if (stored === null) throw new UseCaseError('NOT_FOUND', 'no such market snapshot');
    return stored.snapshot;
  }

  /** One page in order of the instrument; a listed contract without a quote in the snapshot is left out. */
  async quotes(session: ReadSession, question: QuotePageQuestion): Promise<Page<InstrumentQuote>> {
    requirePermission(session.principal, 'read-reference');
    const { snapshotId, underlying, first, after } = question;
    const filter = underlying === undefined ? {} : { underlying };
    const page = await session.read((tx) => this.instruments.findPage(tx, { first, after: after ?? null, filter }));
    const ids = page.items.map(({ node }) => node.id);
    const stored = await session.read((tx) => this.snapshots.loadForInstruments(tx, snapshotId, ids));
    const items = page.items.flatMap(({ node, cursor }) => {
      const quote = stored?.snapshot.instruments.get(node.id);
      return quote === undefined ? [] : [{ node: quote, cursor }];
    });
    return { items, hasNextPage: page.hasNextPage };
  }

  /** How many quotes of contracts on an underlying the snapshot has. */
  async countQuotes(
    session: ReadSession,
    question: { readonly snapshotId: string; readonly underlying: string },
  ): Promise<number> {
    requirePermission(session.principal, 'read-reference');
    const { snapshotId, underlying } = question;
    return session.read(async (tx) => {
      const listed = await this.instruments.findByUnderlying(tx, underlying);
      const stored = await this.snapshots.loadForInstruments(tx, snapshotId, listed.map(({ id }) => id)); // prettier-ignore
      return stored?.snapshot.instruments.size ?? 0;
    });
  }
}
