import { type DataQuality, type Instant, type MarketSnapshot, withDifference } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { contentHash } from '../content-hash';
import { KeptMarkets } from '../kept-markets';
import { hasGivenUpQuotes } from '../history/given-up-months';
import { SnapshotDigests, type SnapshotHashForm } from '../snapshot-digests';
import { bulkParameters, bulkSource, type BulkColumns } from '../bulk-insert';
import { Database } from '../database';
import { MarketSnapshotEntity } from '../entities/market-snapshot.entity';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toTimestamp } from '../row-values';
import { insertQuotes } from './market-quote-writer';
import { readDifference, readQuotes } from './market-quote-reader';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import { knownBy } from './known-time';

/** A stored snapshot without its quotes. */
export interface MarketSnapshotHeader {
  readonly id: string;
  readonly asOf: Instant;
  /** When the record learnt it. */
  readonly knownAt: Instant;
  /** SHA-256 of the content in the form `hashForm` (`snapshotHash`), 64 hexadecimal digits. */
  readonly hash: string;
  readonly hashForm: SnapshotHashForm;
  /** Where it came from, for example a file name. */
  readonly source: string;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly underlyingCount: number;
  readonly instrumentCount: number;
  /** Snapshots whose rows a difference takes over, oldest first; null where it is stored whole. */
  readonly parts: readonly string[] | null;
  /** Contracts that are quoted in its parts and not in it. */
  readonly dropped: readonly string[];
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
  /** What this process remembers of markets, so that a change costs what changed. */
  readonly kept = new KeptMarkets();

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
    const all = inputs.map((input) => {
      const digests = SnapshotDigests.of(input.snapshot);
      return { ...input, id: input.id ?? newId(), digests, hash: digests.hash };
    });
    for (const { snapshot } of all) await this.database.ensurePartition(scope, snapshot.asOf);
    return this.database.withTenant(scope, async (tx) => {
      const before = await findInFirstForm(tx, all);
      const drafts = all.filter(({ id }) => !before.has(id));
      const inserted = await insertHeaders(tx, drafts);
      const added = drafts.filter(({ id }) => inserted.has(id));
      await insertQuotes(tx, added);
      const last = added.at(-1);
      if (last !== undefined) this.kept.addDigests(last.id, last.digests);
      const others = drafts.filter(({ id }) => !inserted.has(id)).map(({ hash }) => hash);
      const idByHash = others.length === 0 ? new Map<string, string>() : await findIdsByHash(tx, others);
      const idOf = ({ id, hash }: (typeof all)[number]): string =>
        inserted.has(id) ? id : (before.get(id) ?? (idByHash.get(hash) as string));
      const headers = await this.findByIds(tx, all.map(idOf));
      return all.map((draft) => ({
        header: headers.get(idOf(draft)) as MarketSnapshotHeader,
        inserted: inserted.has(draft.id),
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

  /** Whether the quotes of a snapshot's contracts are there, or were given up with their month under the retention policy. */
  async hasQuotes(scope: TenantScope, { id, parts }: MarketSnapshotHeader): Promise<boolean> {
    return !(await this.database.withTenant(scope, (tx) => hasGivenUpQuotes(tx, parts?.[0] ?? id)));
  }

  /**
   * Loads a snapshot with all its quotes; its content has the hash it was stored under.
   *
   * @throws PersistenceError 'GIVEN_UP' where the quotes were given up with their month, as the loads below do
   */
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

  /**
   * `loadForInstruments` for who evaluates one market after the other: of a market that is stored as a difference from one
   * that this process read before, only what was stated since is read.
   */
  async loadNext(
    scope: TenantScope,
    id: string,
    instrumentIds: readonly string[],
  ): Promise<StoredMarketSnapshot | null> {
    return this.database.withTenant(scope, async (tx) => {
      const header = await this.findById(tx, id);
      if (header === null) return null;
      if (header.parts === null) return { ...header, snapshot: await readQuotes(tx, header, instrumentIds) };
      const { firmId } = tx;
      const known = this.kept.market(firmId);
      const place = known === null ? -1 : [...header.parts, id].indexOf(known.id);
      const whole =
        known === null || place < 0
          ? await readQuotes(tx, header)
          : known.id === id
            ? known.snapshot
            : withDifference(known.snapshot, await readDifference(tx, header, header.parts.slice(place + 1)));
      this.kept.keepMarket(firmId, { id, snapshot: whole });
      const instruments = new Map(
        instrumentIds.flatMap((one) => {
          const quote = whole.instruments.get(one);
          return quote === undefined ? [] : [[one, quote] as const];
        }),
      );
      return { ...header, snapshot: { ...whole, instruments } };
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
  ['hash_form', 'smallint'],
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
    2,
  ]);
  const inserted = await tx.rows<{ id: string }>(
    `INSERT INTO market_snapshots (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}
     ON CONFLICT ON CONSTRAINT market_snapshots_content_unique DO NOTHING RETURNING snapshot_id AS id`,
    [tx.firmId, ...bulkParameters(headerColumns, rows)],
  );
  return new Set(inserted.map(({ id }) => id));
}

/** Finds the snapshots of the same content whose hash has the first form. @returns their identifiers by those of the drafts */
async function findInFirstForm(
  tx: TenantTransaction,
  drafts: readonly { readonly id: string; readonly snapshot: MarketSnapshot }[],
): Promise<ReadonlyMap<string, string>> {
  const times = [...new Set(drafts.map(({ snapshot }) => toTimestamp(snapshot.asOf)))];
  const rows = await tx.rows<{ as_of: Date }>(
    'SELECT DISTINCT as_of FROM market_snapshots WHERE as_of = ANY ($1::timestamptz[]) AND hash_form IS NULL',
    [times],
  );
  const concerned = new Set(rows.map(({ as_of: asOf }) => asOf.getTime()));
  const hashes = new Map(
    drafts.flatMap(({ id, snapshot }) => (concerned.has(snapshot.asOf) ? [[id, contentHash(snapshot)] as const] : [])),
  );
  const known = hashes.size === 0 ? new Map<string, string>() : await findIdsByHash(tx, [...hashes.values()]);
  return new Map(
    [...hashes].flatMap(([id, hash]) => {
      const found = known.get(hash);
      return found === undefined ? [] : [[id, found] as const];
    }),
  );
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
    hashForm: head.hashForm === 2 ? 2 : 1,
    parts: head.parts,
    dropped: head.dropped ?? [],
    source: head.source,
    quality: head.quality,
    qualityReasons: head.qualityReasons,
    underlyingCount: head.underlyingCount,
    instrumentCount: head.instrumentCount,
  };
}
