import type { DataQuality, Instant, MarketSnapshot } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { bulkParameters, bulkSource, type BulkColumns } from '../bulk-insert';
import { Database } from '../database';
import { MarketSnapshotEntity } from '../entities/market-snapshot.entity';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toTimestamp } from '../row-values';
import { insertQuotes } from './market-quote-writer';
import { readQuotes } from './market-quote-reader';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { knownBy } from './known-time';

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
    const [outcome] = await this.insertAll(scope, [input]);
    if (outcome === undefined) throw new PersistenceError('NOT_FOUND', 'the snapshot was not stored');
    return outcome;
  }

  /** Stores many snapshots in one transaction and few statements, as `insert` does each; outcomes in the same order. */
  async insertAll(
    scope: TenantScope,
    inputs: readonly NewMarketSnapshot[],
  ): Promise<readonly { readonly header: MarketSnapshotHeader; readonly inserted: boolean }[]> {
    const drafts = inputs.map((input) => ({ ...input, id: input.id ?? newId(), hash: contentHash(input.snapshot) }));
    for (const { snapshot } of drafts) await this.database.ensurePartition(scope, snapshot.asOf);
    return this.database.withTenant(scope, async (tx) => {
      const inserted = await insertHeaders(tx, drafts);
      await insertQuotes(
        tx,
        drafts.filter(({ id }) => inserted.has(id)),
      );
      const idByHash = await findIdsByHash(
        tx,
        drafts.map(({ hash }) => hash),
      );
      const headers = await this.findByIds(tx, [...idByHash.values()]);
      return drafts.map(({ id, hash }) => ({
        header: headers.get(idByHash.get(hash) as string) as MarketSnapshotHeader,
        inserted: inserted.has(id),
      }));
    });
  }

  /** The newest believed snapshot by its own time; of several at one time the one known last. */
  async findLatest(scope: TenantScope): Promise<MarketSnapshotHeader | null> {
    return this.findNewest(scope, 'true', []);
  }

  /** The newest snapshot at or before a time, as known at `knownAt` (default: now). */
  async findAsOf(scope: TenantScope, asOf: Instant, knownAt?: Instant): Promise<MarketSnapshotHeader | null> {
    const known = knownAt === undefined ? null : toTimestamp(knownAt);
    const condition = `as_of <= $1 AND ${knownBy('known_at', '$2')}`;
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
      const sql = `SELECT snapshot_id AS id FROM market_snapshots s WHERE ${condition} AND ${isBelieved} ORDER BY as_of DESC, known_at DESC LIMIT 1`;
      const [row] = await tx.rows<{ id: string }>(sql, parameters);
      return row === undefined ? null : this.findById(tx, row.id);
    });
  }
}

const headerColumns: BulkColumns = [
  ['snapshot_id', 'uuid'],
  ['as_of', 'timestamptz'],
  ['content_hash', 'bytea'],
  ['source', 'text'],
  ['quality', 'text'],
  ['quality_reasons', 'words'],
  ['underlying_count', 'integer'],
  ['instrument_count', 'integer'],
];

/** Writes the headers whose content is not stored yet. @returns the identifiers of those */
async function insertHeaders(
  tx: TenantTransaction,
  drafts: readonly (NewMarketSnapshot & { readonly id: string; readonly hash: string })[],
): Promise<ReadonlySet<string>> {
  const { names, select, from } = bulkSource(headerColumns, 2);
  const rows = drafts.map(({ id, hash, snapshot, source, quality, qualityReasons = [] }) => [
    id,
    toTimestamp(snapshot.asOf),
    Buffer.from(hash, 'hex'),
    source,
    quality,
    JSON.stringify(qualityReasons),
    snapshot.underlyings.size,
    snapshot.instruments.size,
  ]);
  const inserted = await tx.rows<{ id: string }>(
    `INSERT INTO market_snapshots (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}
     ON CONFLICT ON CONSTRAINT market_snapshots_content_unique DO NOTHING RETURNING snapshot_id AS id`,
    [tx.firmId, ...bulkParameters(headerColumns, rows)],
  );
  return new Set(inserted.map(({ id }) => id));
}

async function findIdsByHash(tx: TenantTransaction, hashes: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; hash: string }>(
    `SELECT snapshot_id AS id, encode(content_hash, 'hex') AS hash FROM market_snapshots WHERE content_hash = ANY ($1::bytea[])`,
    [hashes.map((hash) => Buffer.from(hash, 'hex'))],
  );
  return new Map(rows.map(({ id, hash }) => [hash, id]));
}

/** Snapshots that the circuit breaker of their feed left aside are kept and named, but never found as the newest. */
export const isBelieved = `NOT EXISTS (SELECT FROM feed_events e WHERE e.firm_id = s.firm_id AND e.snapshot_id = s.snapshot_id
  AND e.kind IN ('TRIPPED', 'FROZEN', 'CLEAN'))`;

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
