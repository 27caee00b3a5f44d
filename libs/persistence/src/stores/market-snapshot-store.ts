import type { DataQuality, Instant, MarketSnapshot } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { Database } from '../database';
import { MarketSnapshotEntity } from '../entities/market-snapshot.entity';
import { newId } from '../new-id';
import { toTimestamp } from '../row-values';
import {
  insertForwardQuotes,
  insertFxRates,
  insertInstrumentQuotes,
  insertUnderlyingQuotes,
} from './market-quote-writer';
import { readQuotes } from './market-quote-reader';
import { isUuid, type TenantScope } from '../tenant';

/** A stored snapshot without its quotes. */
export interface MarketSnapshotHeader {
  readonly id: string;
  readonly asOf: Instant;
  /** When the record learnt it. */
  readonly knownAt: Instant;
  /** SHA-256 of the snapshot's canonical JSON. */
  readonly hash: string;
  /** Where it came from, for example a file name. */
  readonly source: string;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly underlyingCount: number;
  readonly instrumentCount: number;
}

export interface StoredMarketSnapshot extends MarketSnapshotHeader {
  readonly snapshot: MarketSnapshot;
}

export interface NewMarketSnapshot {
  readonly id?: string;
  readonly snapshot: MarketSnapshot;
  readonly source: string;
  readonly quality: DataQuality;
  readonly qualityReasons?: readonly string[];
}

/** Immutable market snapshots with their quotes. */
@Injectable()
export class MarketSnapshotStore {
  constructor(private readonly database: Database) {}

  /**
   * Stores a whole snapshot, or finds the one with the same content (`inserted` says which).
   * Its underlyings and contracts must be known to the instrument store.
   *
   * @throws PersistenceError 'REFERENCE_MISSING' for an unknown underlying or contract, 'VALUE_REFUSED' for a number that
   *         is not finite or has too many digits; nothing is stored then
   */
  async insert(
    scope: TenantScope,
    input: NewMarketSnapshot,
  ): Promise<{ readonly header: MarketSnapshotHeader; readonly inserted: boolean }> {
    const { snapshot } = input;
    const hash = contentHash(snapshot);
    await this.database.ensurePartition(scope, snapshot.asOf);
    return this.database.withTenant(scope, async (tx) => {
      const id = input.id ?? newId();
      const inserted = await tx.execute(
        `INSERT INTO market_snapshots
           (firm_id, snapshot_id, as_of, content_hash, source, quality, quality_reasons, underlying_count, instrument_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ON CONSTRAINT market_snapshots_content_unique DO NOTHING`,
        [
          tx.firmId,
          id,
          toTimestamp(snapshot.asOf),
          Buffer.from(hash, 'hex'),
          input.source,
          input.quality,
          [...(input.qualityReasons ?? [])],
          snapshot.underlyings.size,
          snapshot.instruments.size,
        ],
      );
      if (inserted === 1) {
        await insertUnderlyingQuotes(tx, id, snapshot);
        await insertForwardQuotes(tx, id, snapshot);
        await insertFxRates(tx, id, snapshot);
        await insertInstrumentQuotes(tx, id, snapshot);
      }
      const stored = await tx.manager.findOneByOrFail(MarketSnapshotEntity, { contentHash: hash });
      return { header: toHeader(stored), inserted: inserted === 1 };
    });
  }

  /** The newest snapshot by its own time; of several at one time the one known last. */
  async findLatest(scope: TenantScope): Promise<MarketSnapshotHeader | null> {
    return this.findNewest(scope, 'true', []);
  }

  /** The newest snapshot at or before a time, as known at `knownAt` (default: now). */
  async findAsOf(scope: TenantScope, asOf: Instant, knownAt?: Instant): Promise<MarketSnapshotHeader | null> {
    const known = knownAt === undefined ? null : toTimestamp(knownAt);
    const condition = 'as_of <= $1 AND ($2::timestamptz IS NULL OR known_at <= $2)';
    return this.findNewest(scope, condition, [toTimestamp(asOf), known]);
  }

  async findById(scope: TenantScope, id: string): Promise<MarketSnapshotHeader | null> {
    return (await this.findByIds(scope, [id])).get(id) ?? null;
  }

  /** Finds many heads at once; an unknown id is absent. */
  async findByIds(scope: TenantScope, ids: readonly string[]): Promise<Map<string, MarketSnapshotHeader>> {
    const known = [...new Set(ids.filter(isUuid))];
    if (known.length === 0) return new Map();
    const heads = await this.database.withTenant(scope, (tx) =>
      tx.manager
        .createQueryBuilder(MarketSnapshotEntity, 's')
        .where('s.snapshot_id = ANY (:known::uuid[])', { known })
        .getMany(),
    );
    return new Map(heads.map((head) => [head.snapshotId, toHeader(head)]));
  }

  /** Loads a snapshot with all its quotes; its content has the hash it was stored under. */
  async load(scope: TenantScope, id: string): Promise<StoredMarketSnapshot | null> {
    return this.database.withTenant(scope, async (tx) => {
      const header = await this.findById(tx, id);
      return header === null ? null : { ...header, snapshot: await readQuotes(tx, header) };
    });
  }

  /** Loads only some contracts' quotes (all underlyings, forwards and rates), for one account's view. */
  async loadForInstruments(
    scope: TenantScope,
    id: string,
    instrumentIds: readonly string[],
  ): Promise<StoredMarketSnapshot | null> {
    return this.database.withTenant(scope, async (tx) => {
      const header = await this.findById(tx, id);
      return header === null ? null : { ...header, snapshot: await readQuotes(tx, header, instrumentIds) };
    });
  }

  private async findNewest(
    scope: TenantScope,
    condition: string,
    parameters: readonly unknown[],
  ): Promise<MarketSnapshotHeader | null> {
    return this.database.withTenant(scope, async (tx) => {
      const sql = `SELECT snapshot_id AS id FROM market_snapshots WHERE ${condition} ORDER BY as_of DESC, known_at DESC LIMIT 1`;
      const [row] = await tx.rows<{ id: string }>(sql, parameters);
      return row === undefined ? null : this.findById(tx, row.id);
    });
  }
}

function toHeader(head: MarketSnapshotEntity): MarketSnapshotHeader {
  return {
    id: head.snapshotId,
    asOf: head.asOf,
    knownAt: head.knownAt,
    hash: head.contentHash,
    source: head.source,
    quality: head.quality,
    qualityReasons: head.qualityReasons,
    underlyingCount: head.underlyingCount,
    instrumentCount: head.instrumentCount,
  };
}
