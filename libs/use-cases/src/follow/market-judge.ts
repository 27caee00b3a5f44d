import type { Instant } from '@ballast/domain';
import {
  buildVolatilitySurface,
  type BuiltSnapshot,
  joinParts,
  marketOfParts,
  type MarketPart,
  partsOf,
} from '@ballast/market-data';
import {
  MarketDifferenceStore,
  MarketSnapshotStore,
  type NewMarketSnapshot,
  type StoredDifference,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { assembleMarket } from '../market/assemble-market';
import { contentOf } from '../market/market-content';
import { type AdmittedMarket, MarketGuard } from '../market/market-guard';
import { isExpired, type KnownMarket, saidOf, type StreamSession } from './stream-session';

/** A followed market that was judged and stored. */
export interface JudgedSnapshot extends AdmittedMarket {
  /** What of it was built anew. */
  readonly built: BuiltSnapshot;
  readonly market: KnownMarket;
  readonly quotes: number;
  readonly wantsCompletion: boolean;
}

/**
 * Judges a followed market and stores it, at the cost of what changed: only underlyings of which something was said, or which
 * time makes read otherwise, are built and guarded anew; the others stand as they were judged.
 */
@Injectable()
export class MarketJudge {
  constructor(
    private readonly guard: MarketGuard,
    private readonly snapshots: MarketSnapshotStore,
    private readonly differences: MarketDifferenceStore,
  ) {}

  /** Lets nobody else store a market of the firm until the transaction ends. */
  lock(transaction: TenantTransaction): Promise<void> {
    return this.guard.lock(transaction);
  }

  /**
   * Stores the book of a session at an instant; the market is locked since the newest one was taken into the book. The session
   * stays as it is, but for contracts that are over.
   */
  async store(
    transaction: TenantTransaction,
    session: StreamSession,
    { asOf, source, notices }: { readonly asOf: Instant; readonly source: string; readonly notices: readonly string[] },
  ): Promise<JudgedSnapshot> {
    const before = session.known.at(-1) ?? null;
    const anew = dueParts(session, before, asOf);
    const { limits } = session;
    const instruments = new Map(anew.flatMap((id) => [...(session.termsByUnderlying.get(id) ?? [])]));
    for (const [id, terms] of instruments) if (isExpired(terms, asOf)) session.book.drop(id);
    const draft = assembleMarket(contentOf(session.book.content(asOf, anew), asOf), instruments, { asOf, limits });
    const names = [...draft.snapshot.instruments.keys(), ...draft.snapshot.underlyings.keys()];
    const carried = new Set(names.filter((id) => !session.changed.has(id)));
    const surfaces = surfacesOf(session, draft, instruments);
    const guarded = await this.guard.check(transaction, draft, { instruments, surfaces, limits, carried }, (id) => {
      const known = session.known.find((market) => market.id === id);
      return known === undefined ? null : marketOfParts(known.parts, { asOf: known.asOf, fx: known.fx, ids: anew });
    });
    const { built } = guarded;
    const parts = new Map(before?.parts);
    for (const [id, part] of partsOf(guarded, { instruments, limits })) parts.set(id, part);
    const { findings, observation } = joinParts(parts, asOf);
    const { fx } = built.snapshot;
    const admitted = await this.guard.admit(transaction, { findings, observation, fx, notices }, (quality) =>
      this.insert(transaction, { source, ...quality }, { before, parts, built }),
    );
    const { wantsCompletion } = admitted.stored;
    const market = { id: admitted.header.id, asOf, fx, parts };
    return { ...admitted, built, market, quotes: findings.instrumentCount, wantsCompletion };
  }

  /** Gives a stored difference all of its rows, so that later ones rest on it alone. */
  complete({ context }: StreamSession, snapshotId: string): Promise<void> {
    return this.differences.complete(context, snapshotId);
  }

  private async insert(
    transaction: TenantTransaction,
    stated: Omit<NewMarketSnapshot, 'snapshot'>,
    market: {
      readonly before: KnownMarket | null;
      readonly parts: ReadonlyMap<string, MarketPart>;
      readonly built: BuiltSnapshot;
    },
  ): Promise<StoredDifference> {
    const { before, parts, built } = market;
    const { asOf, underlyings, instruments, fx } = built.snapshot;
    if (before === null) {
      const snapshot = marketOfParts(parts, { asOf, fx, ids: [...parts.keys()].sort() });
      return { ...(await this.snapshots.insert(transaction, { ...stated, snapshot })), wantsCompletion: false };
    }
    const dropped = [...underlyings.keys()].flatMap((id) =>
      [...(before.parts.get(id)?.market.instruments.keys() ?? [])].filter((name) => !instruments.has(name)),
    );
    const difference = { asOf, underlyings: [...underlyings.values()], quotes: [...instruments.values()], dropped, fx };
    return this.differences.insert(transaction, { ...stated, basedOn: before.id, difference });
  }
}

/** Underlyings to be judged anew: of which something was said, and those that time makes read otherwise. */
function dueParts(session: StreamSession, before: KnownMarket | null, asOf: Instant): readonly string[] {
  const said = new Set(saidOf(session));
  return session.book.underlyingIds.filter((id) => {
    const dueAt = before?.parts.get(id)?.dueAt;
    return said.has(id) || dueAt === undefined || dueAt <= asOf;
  });
}

/** Surfaces of what is judged; those of which nothing was said stand. */
function surfacesOf(
  session: StreamSession,
  { snapshot }: BuiltSnapshot,
  instruments: Parameters<typeof buildVolatilitySurface>[1],
) {
  for (const id of saidOf(session)) session.surfaces.delete(id);
  return [...snapshot.underlyings.keys()].flatMap((id) => {
    const surface = session.surfaces.get(id) ?? buildVolatilitySurface(snapshot, instruments, id);
    if (surface !== null) session.surfaces.set(id, surface);
    return surface ?? [];
  });
}
