import type { MarketSnapshot } from '@ballast/domain';
import { contentHash } from '../content-hash';
import { instantFrom } from '../row-values';
import { SnapshotDigests } from '../snapshot-digests';
import { readQuotes, readQuotesOfMany, type UnfoldedSnapshot } from '../stores/market-quote-reader';
import type { TenantTransaction } from '../tenant';
import type { HistoryBreak } from './history-break';

interface HeadRow {
  readonly id: string;
  readonly as_of: Date;
  readonly hash: string;
  readonly form: number | null;
  readonly contracts: number;
  readonly parts: string[] | null;
  readonly dropped: string[] | null;
  readonly sequence: string | null;
}

interface Head extends UnfoldedSnapshot {
  readonly row: HeadRow;
}

/** Quotes read at once: what a large snapshot has, or many small ones together. */
const quotesPerRead = 50_000;
const headsPerPage = 200;

/**
 * How many quotes the snapshots of a firm have whose month is not given up.
 *
 * @param after  last snapshot that was compared before; null before the first
 */
export async function countSnapshotQuotes(
  tx: TenantTransaction,
  after: string | null,
): Promise<{ readonly rows: number; readonly rowsBefore: number }> {
  const [row] = await tx.rows<{ rows: string; before: string }>(
    `SELECT coalesce(sum(s.instrument_count), 0) AS rows,
       coalesce(sum(s.instrument_count) FILTER (WHERE s.snapshot_id <= $1::uuid), 0) AS before
     FROM public.market_snapshots s WHERE ${isKept}`,
    [after],
  );
  return { rows: Number(row?.rows ?? 0), rowsBefore: Number(row?.before ?? 0) };
}

/**
 * Computes the content hash of every snapshot from its quotes and compares it with the one that is chained. It covers
 * every price, rate, forward and quote, so that imports need no seal per quote; the rows of underlyings, forwards and rates have
 * one of their own besides, and are named by it.
 *
 * @param from  last snapshot that was compared before; null before the first
 * @param to    told what is found, and how many quotes of contracts were looked at up to which snapshot; false stops there
 * @returns whether all were compared
 */
export async function compareSnapshots(
  tx: TenantTransaction,
  from: string | null,
  to: {
    readonly add: (found: HistoryBreak) => void;
    readonly onRows: (rows: number, last: string) => boolean;
  },
): Promise<boolean> {
  let after = from ?? '00000000-0000-0000-0000-000000000000';
  const unfolded = new UnfoldedDigests();
  for (;;) {
    const page = await tx.rows<HeadRow>(
      `SELECT s.snapshot_id AS id, s.as_of, encode(s.content_hash, 'hex') AS hash, s.instrument_count AS contracts,
         s.hash_form AS form, s.parts, s.dropped,
         (SELECT min(sequence) FROM public.history_links l
          WHERE l.table_name = 'market_snapshots' AND l.part = 'INSERT' AND l.batch = s.batch) AS sequence
       FROM public.market_snapshots s WHERE s.snapshot_id > $1::uuid AND ${isKept}
       ORDER BY s.snapshot_id LIMIT ${headsPerPage}`,
      [after],
    );
    for (const heads of readable(page)) {
      for (const found of await compareHeads(tx, heads, unfolded)) to.add(found);
      const rows = heads.reduce((sum, { row }) => sum + row.contracts, 0);
      if (!to.onRows(rows, (heads.at(-1) as Head).id)) return false;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < headsPerPage) break;
    after = last.id;
  }
  for (const found of await findStrayQuotes(tx)) to.add(found);
  return true;
}

/** Quotes of a month that was given up are gone, and with them what the hash was made of. */
const isKept = `NOT EXISTS (SELECT FROM public.history_retirements h WHERE h.table_name = 'instrument_quotes'
  AND h.month = date_trunc('month', s.as_of) AND h.batch >= s.batch)`;

function readable(page: readonly HeadRow[]): Head[][] {
  const groups: Head[][] = [];
  let room = 0;
  for (const row of page) {
    // Of a difference little is read; what it takes over was read before.
    const cost = row.parts === null ? row.contracts : 1;
    if (groups.length === 0 || cost > room) {
      groups.push([]);
      room = quotesPerRead;
    }
    const { id, parts } = row;
    groups.at(-1)?.push({ id, asOf: instantFrom(row.as_of), parts, dropped: row.dropped ?? [], row });
    room -= cost;
  }
  return groups;
}

async function compareHeads(
  tx: TenantTransaction,
  heads: readonly Head[],
  unfolded: UnfoldedDigests,
): Promise<HistoryBreak[]> {
  const stored = await readQuotesOfMany(tx, heads);
  const inexact = await findInexactTimes(tx, heads);
  const breaks: HistoryBreak[] = [];
  for (const head of heads) {
    const { id, row } = head;
    const own = stored.get(id) as StoredQuotes;
    const { contracts, hash } = await unfolded.contentOf(tx, head, own);
    const fault =
      contracts !== row.contracts
        ? `it has ${contracts} quotes of contracts, ${row.contracts} were stored`
        : (inexact.get(id) ??
          (hash === row.hash ? null : 'its quotes do not give the content hash it is chained under'));
    if (fault === null) continue;
    const place = { sequence: row.sequence === null ? null : Number(row.sequence), table: 'market_snapshots' };
    breaks.push({ kind: 'SNAPSHOT_CHANGED' as const, ...place, key: `snapshot_id ${id}`, detail: fault });
  }
  return breaks;
}

type StoredQuotes = { readonly snapshot: MarketSnapshot; readonly rows: number };

/** Digests kept at once: a follower's snapshots come one after the other, those of others in between. */
const digestsKept = 8;

/**
 * Takes differences over the digests of the market before them, so that a followed market costs what it stated and not
 * the whole book each time. What it rests on is itself compared, under its own name.
 */
class UnfoldedDigests {
  private readonly kept = new Map<string, SnapshotDigests>();
  /** Completed differences whose own rows give their whole content. */
  private readonly completed = new Set<string>();

  /** What a reader gets of a snapshot: its hash, and how many rows of contracts it has, those that nobody would get included. */
  async contentOf(
    tx: TenantTransaction,
    head: Head,
    own: StoredQuotes,
  ): Promise<{ readonly contracts: number; readonly hash: string }> {
    const { id, parts, dropped, row } = head;
    const extra = own.rows - own.snapshot.instruments.size;
    if (parts === null) {
      const first = row.form === null;
      const digests = first ? null : this.keep(id, SnapshotDigests.of(own.snapshot));
      return { contracts: own.rows, hash: digests?.hash ?? contentHash(own.snapshot) };
    }
    const before = (await this.restsOnWhole(tx, parts)) ? await this.before(tx, parts) : null;
    const { asOf, underlyings, instruments, fx } = own.snapshot;
    const hidden = dropped.filter((name) => instruments.has(name)).length;
    if (before === null) return { contracts: own.rows, hash: 'the market that it rests on is not whole' };
    const digests = before.changed({
      ...{ asOf, dropped, fx: fx.length === 0 ? null : fx },
      ...{ underlyings: [...underlyings.values()], quotes: [...instruments.values()] },
    });
    this.keep(id, digests);
    return { contracts: digests.size + hidden + extra, hash: digests.hash };
  }

  private async before(tx: TenantTransaction, parts: readonly string[]): Promise<SnapshotDigests> {
    const last = parts.at(-1) as string;
    const known = this.kept.get(last);
    if (known !== undefined) return known;
    const [head] = await findHeads(tx, [last]);
    return this.keep(last, SnapshotDigests.of(await readQuotes(tx, head as UnfoldedSnapshot)));
  }

  /** Whether the first part has all rows of its content: it was stored whole, or completed since. */
  private async restsOnWhole(tx: TenantTransaction, parts: readonly string[]): Promise<boolean> {
    const first = parts[0] as string;
    if (this.completed.has(first)) return true;
    const [head] = await findHeads(tx, [first]);
    if (head === undefined) return false;
    if (head.parts !== null) {
      const alone = await readQuotes(tx, { ...head, parts: null });
      if (SnapshotDigests.of(alone).hash !== head.hash) return false;
    }
    this.completed.add(first);
    return true;
  }

  private keep(id: string, digests: SnapshotDigests): SnapshotDigests {
    this.kept.set(id, digests);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= digestsKept) break;
      this.kept.delete(oldest);
    }
    return digests;
  }
}

async function findHeads(
  tx: TenantTransaction,
  ids: readonly string[],
): Promise<(UnfoldedSnapshot & { readonly hash: string })[]> {
  const rows = await tx.rows<Pick<HeadRow, 'id' | 'as_of' | 'parts' | 'dropped' | 'hash'>>(
    `SELECT snapshot_id AS id, as_of, parts, dropped, encode(content_hash, 'hex') AS hash FROM public.market_snapshots
     WHERE snapshot_id = ANY ($1::uuid[])`,
    [ids],
  );
  return rows.map(({ as_of: asOf, dropped, ...row }) => {
    return { ...row, asOf: instantFrom(asOf), dropped: dropped ?? [] };
  });
}

/** Instants are whole milliseconds; what somebody adds to one below that would not move the hash. */
async function findInexactTimes(tx: TenantTransaction, heads: readonly Head[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; contract: string }>(
    `SELECT snapshot_id AS id, min(instrument_id) AS contract FROM public.instrument_quotes
     WHERE snapshot_id = ANY ($1::uuid[]) AND quoted_at <> date_trunc('milliseconds', quoted_at) GROUP BY 1`,
    [heads.map(({ id }) => id)],
  );
  return new Map(rows.map(({ id, contract }) => [id, `the time of its quote of ${contract} was changed`]));
}

async function findStrayQuotes(tx: TenantTransaction): Promise<HistoryBreak[]> {
  const rows = await tx.rows<{ id: string; contract: string; rows: string }>(
    `SELECT q.snapshot_id AS id, min(q.instrument_id) AS contract, count(*) AS rows FROM public.instrument_quotes q
     WHERE NOT EXISTS (SELECT FROM public.market_snapshots s WHERE s.snapshot_id = q.snapshot_id AND s.as_of = q.as_of)
     GROUP BY 1 ORDER BY 1 LIMIT 100`,
  );
  return rows.map(({ id, contract, rows: count }) => ({
    kind: 'ROW_ADDED',
    sequence: null,
    table: 'instrument_quotes',
    key: `snapshot_id ${id}, instrument_id ${contract}`,
    detail: `no snapshot of that time has it (${count} such rows)`,
  }));
}
