import { type MarketDifference, type MarketSnapshot, withDifference } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toTimestamp } from '../row-values';
import { SnapshotDigests } from '../snapshot-digests';
import type { TenantScope, TenantTransaction } from '../tenant';
import { readQuotes } from './market-quote-reader';
import { insertQuotes } from './market-quote-writer';
import { type MarketSnapshotHeader, MarketSnapshotStore, type NewMarketSnapshot } from './market-snapshot-store';
import { completeSnapshot } from './snapshot-completion';

/** A market as its difference from one that is stored. */
export interface NewMarketDifference extends Omit<NewMarketSnapshot, 'snapshot'> {
  /** Identifier of the stored snapshot. */
  readonly basedOn: string;
  readonly difference: MarketDifference;
  /** The market before the difference, where the caller has it; it is read when it is needed and absent. */
  readonly before?: MarketSnapshot;
}

/** What became of a market that was stated as a difference. */
export interface StoredDifference {
  readonly header: MarketSnapshotHeader;
  /** False when the same content was stored before. */
  readonly inserted: boolean;
  /** Whether `complete` should be called before long, so that the next ones have less to rest on. */
  readonly wantsCompletion: boolean;
}

/** More parts than this are not laid over each other by any reader: the market is stored whole. */
const partsMaximum = 256;
/** From so many on, one of them should be completed. */
const partsWanted = 128;
/** Dropped contracts are named in every later difference. */
const droppedMaximum = 500;

/** Markets stored as what they state anew; every reader gets the content and the hash of the whole. */
@Injectable()
export class MarketDifferenceStore {
  constructor(
    private readonly database: Database,
    private readonly snapshots: MarketSnapshotStore,
  ) {}

  /**
   * Stores the market that a difference makes of a stored one. It is stored whole where too much would lie under it, in
   * another month, or when a dropped contract is quoted again.
   *
   * @throws PersistenceError 'NOT_FOUND' for an unknown `basedOn`, 'REFERENCE_MISSING' and 'VALUE_REFUSED' as `insert` does
   */
  async insert(scope: TenantScope, input: NewMarketDifference): Promise<StoredDifference> {
    return this.database.withTenant(scope, async (tx) => {
      const { kept } = this.snapshots;
      const base = await this.snapshots.findById(tx, input.basedOn);
      if (base === null) throw new PersistenceError('NOT_FOUND', `snapshot ${input.basedOn} does not exist`);
      const read = async (): Promise<MarketSnapshot> => input.before ?? readQuotes(tx, base);
      const before = kept.digests(base.id) ?? SnapshotDigests.of(await read());
      const difference = before.reduced(input.difference);
      const place = await this.placeOf(tx, base, difference);
      if (place === null) {
        const snapshot = withDifference(await read(), difference);
        return { ...(await this.snapshots.insert(tx, { ...input, snapshot })), wantsCompletion: false };
      }
      const digests = before.changed(difference);
      const id = input.id ?? newId();
      const known = await insertHeader(tx, { ...input, id, difference, digests, place });
      if (known === null) {
        kept.addDigests(id, digests);
        const { asOf, underlyings, quotes, fx } = difference;
        const stated = {
          asOf,
          underlyings: new Map(underlyings.map((quote) => [quote.underlyingId, quote])),
          instruments: new Map(quotes.map((quote) => [quote.instrumentId, quote])),
          fx: fx ?? [],
        };
        await insertQuotes(tx, [{ id, snapshot: stated }]);
      }
      const header = (await this.snapshots.findById(tx, known ?? id)) as MarketSnapshotHeader;
      return { header, inserted: known === null, wantsCompletion: known === null && place.wantsCompletion };
    });
  }

  /**
   * Gives a difference all rows of its content, so that later ones rest on it alone. Nothing that a reader gets changes.
   */
  async complete(scope: TenantScope, snapshotId: string): Promise<void> {
    await this.database.withTenant(scope, async (tx) => {
      const header = await this.snapshots.findById(tx, snapshotId);
      if (header === null || header.parts === null) return;
      await completeSnapshot(tx, { ...header, parts: header.parts });
    });
    this.snapshots.kept.noteCompleted(scope.firmId, snapshotId);
  }

  /** What the difference would rest on; null where it is to be stored whole. */
  private async placeOf(
    tx: TenantTransaction,
    base: MarketSnapshotHeader,
    { asOf, quotes, dropped, fx }: MarketDifference,
  ): Promise<SnapshotPlace | null> {
    const gone = new Set(base.dropped);
    const isEmptied = fx !== null && fx.length === 0;
    if (isEmptied || monthOf(base.asOf) !== monthOf(asOf) || quotes.some((quote) => gone.has(quote.instrumentId)))
      return null;
    const all = [...(base.parts ?? []), base.id];
    const from = all.indexOf(this.snapshots.kept.completed(tx.firmId) ?? '');
    const parts = from < 0 ? all : all.slice(from);
    if (parts.length > partsMaximum) return null;
    // What the base says was dropped counts from its first part on: what one further up had dropped is left out with its parts.
    const completed = from > 0 ? await this.snapshots.findById(tx, all[from] as string) : null;
    for (const id of completed?.dropped ?? []) gone.delete(id);
    for (const id of dropped) gone.add(id);
    if (gone.size > droppedMaximum) return null;
    const [row] = await tx.rows<{ stated: string }>(
      'SELECT coalesce(sum(stated_count), 0) AS stated FROM market_snapshots WHERE snapshot_id = ANY ($1::uuid[])',
      [parts.slice(1)],
    );
    const stated = Number(row?.stated ?? 0) + quotes.length;
    const share = stated / Math.max(1, base.instrumentCount);
    if (share > 2 || quotes.length > base.instrumentCount / 2) return null;
    return { parts, dropped: [...gone], wantsCompletion: parts.length > partsWanted || share > 1 };
  }
}

interface SnapshotPlace {
  readonly parts: readonly string[];
  readonly dropped: readonly string[];
  readonly wantsCompletion: boolean;
}

/** @returns the identifier of the snapshot that has this content already; null when the header was written */
async function insertHeader(
  tx: TenantTransaction,
  input: NewMarketDifference & {
    readonly id: string;
    readonly digests: SnapshotDigests;
    readonly place: SnapshotPlace;
  },
): Promise<string | null> {
  const { id, digests, place, source, quality, qualityReasons = [] } = input;
  const { asOf, quotes } = input.difference;
  const { hash } = digests;
  const inserted = await tx.rows(
    `INSERT INTO market_snapshots (firm_id, snapshot_id, as_of, content_hash, source, quality, quality_reasons,
       underlying_count, instrument_count, hash_form, parts, dropped, stated_count)
     VALUES ($1, $2, $3, decode($4, 'hex'), $5, $6, $7, $8, $9, 2, $10, $11, $12)
     ON CONFLICT ON CONSTRAINT market_snapshots_content_unique DO NOTHING RETURNING snapshot_id`,
    [
      ...[tx.firmId, id, toTimestamp(asOf), hash, source, quality, qualityReasons],
      ...[digests.underlyingCount, digests.size, place.parts, place.dropped, quotes.length],
    ],
  );
  if (inserted.length > 0) return null;
  const [known] = await tx.rows<{ id: string }>(
    `SELECT snapshot_id AS id FROM market_snapshots WHERE content_hash = decode($1, 'hex')`,
    [hash],
  );
  if (known === undefined) throw new PersistenceError('CONFLICT', 'the snapshot is being stored by somebody else');
  return known.id;
}

function monthOf(instant: number): string {
  return new Date(instant).toISOString().slice(0, 7);
}
