import type { Instant } from '@ballast/domain';
import { contentHash } from '../content-hash';
import { instantFrom } from '../row-values';
import { readQuotesOfMany } from '../stores/market-quote-reader';
import type { TenantTransaction } from '../tenant';
import type { HistoryBreak } from './history-break';

interface HeadRow {
  readonly id: string;
  readonly as_of: Date;
  readonly hash: string;
  readonly contracts: number;
  readonly sequence: string | null;
}

interface Head {
  readonly id: string;
  readonly asOf: Instant;
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
  for (;;) {
    const page = await tx.rows<HeadRow>(
      `SELECT s.snapshot_id AS id, s.as_of, encode(s.content_hash, 'hex') AS hash, s.instrument_count AS contracts,
         (SELECT min(sequence) FROM public.history_links l
          WHERE l.table_name = 'market_snapshots' AND l.part = 'INSERT' AND l.batch = s.batch) AS sequence
       FROM public.market_snapshots s WHERE s.snapshot_id > $1::uuid AND ${isKept}
       ORDER BY s.snapshot_id LIMIT ${headsPerPage}`,
      [after],
    );
    for (const heads of readable(page)) {
      for (const found of await compareHeads(tx, heads)) to.add(found);
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
    if (groups.length === 0 || row.contracts > room) {
      groups.push([]);
      room = quotesPerRead;
    }
    groups.at(-1)?.push({ id: row.id, asOf: instantFrom(row.as_of), row });
    room -= row.contracts;
  }
  return groups;
}

async function compareHeads(tx: TenantTransaction, heads: readonly Head[]): Promise<HistoryBreak[]> {
  const stored = await readQuotesOfMany(tx, heads);
  const inexact = await findInexactTimes(tx, heads);
  return heads.flatMap(({ id, row: { hash, contracts, sequence } }) => {
    const found = stored.get(id);
    const fault =
      found === undefined || found.rows !== contracts
        ? `it has ${found?.rows ?? 0} quotes of contracts, ${contracts} were stored`
        : (inexact.get(id) ??
          (contentHash(found.snapshot) === hash
            ? null
            : 'its quotes do not give the content hash it is chained under'));
    if (fault === null) return [];
    const place = { sequence: sequence === null ? null : Number(sequence), table: 'market_snapshots' };
    return [{ kind: 'SNAPSHOT_CHANGED' as const, ...place, key: `snapshot_id ${id}`, detail: fault }];
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
