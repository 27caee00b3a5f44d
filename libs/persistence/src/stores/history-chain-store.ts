import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { type ChainedTable, noMonth, readChainedTables } from '../history/history-columns';
import { findHistoryHead, keepHistoryHead } from '../history/keep-history-head';
import { genesisHash, type HistoryHead, type HistoryLink, linkHash } from '../history/history-link';
import { compareAccounts } from '../history/compare-accounts';
import { compareRows, findUnchainedClosings } from '../history/compare-rows';
import { compareSnapshots, countSnapshotQuotes } from '../history/compare-snapshots';
import type { HistoryBreak } from '../history/history-break';
import type { TenantContext, TenantScope, TenantTransaction } from '../tenant';

/** What a verification found. */
export interface HistoryVerification {
  readonly links: number;
  readonly rows: number;
  /** Heads kept outside that were found in the chain. */
  readonly headsConfirmed: number;
  readonly head: HistoryHead | null;
  readonly breakCount: number;
  /** The first breaks in order of the chain, at most a hundred. */
  readonly breaks: readonly HistoryBreak[];
}

export interface VerificationProgress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
}

const breaksShown = 100;
const linksPerPage = 5_000;
const statementTimeoutMs = 3_600_000;

interface LinkRow {
  readonly sequence: string;
  readonly table_name: string;
  readonly part: 'INSERT' | 'CLOSE';
  readonly batch: string;
  readonly month: string | null;
  readonly row_count: number;
  readonly rows_hash: Buffer;
  readonly recorded_at: string;
  readonly previous_hash: Buffer;
  readonly hash: Buffer;
}

/** The hash chain over a firm's history. Written by triggers in the transaction of every chained row; read here. */
@Injectable()
export class HistoryChainStore {
  constructor(private readonly database: Database) {}

  /** Writes the newest link of a firm's chain to the head file, as every run does at its end. */
  async keepHead(scope: TenantScope): Promise<void> {
    await keepHistoryHead(this.database, scope);
  }

  /** The newest link; null when nothing was recorded yet. */
  async findHead(scope: TenantScope): Promise<HistoryHead | null> {
    return this.database.withTenant(scope, findHistoryHead);
  }

  /**
   * Recomputes the chain of a firm from its beginning: every link from its predecessor, every batch from the rows in the
   * tables, the hash of every snapshot from its quotes, and compares with the heads that were kept outside. One moment of the database, read only.
   *
   * @param input.heads  heads kept outside: a chain that was cut or rewritten no longer contains them
   */
  async verify(
    context: TenantContext,
    input: {
      readonly heads?: readonly HistoryHead[];
      readonly onProgress?: (progress: VerificationProgress) => void;
    } = {},
  ): Promise<HistoryVerification> {
    const work = async (tx: TenantTransaction): Promise<HistoryVerification> => {
      const tables = await readChainedTables(tx);
      await tx.rows(`SELECT set_config('search_path', 'pg_catalog, public, pg_temp', true), set_config('timezone', 'UTC', true),
        set_config('datestyle', 'ISO, YMD', true), set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)`);
      const breaks = new BreakList();
      const chain = await verifyLinks(tx, input.heads ?? [], breaks);
      await verifyBatches(tx, tables, breaks);
      const rows = await verifyRows(tx, tables, breaks, input.onProgress ?? (() => undefined));
      return { ...chain, rows, head: await findHistoryHead(tx), breakCount: breaks.count, breaks: breaks.inOrder() };
    };
    return this.database.withTenant(context, work, { isolation: 'REPEATABLE READ', statementTimeoutMs });
  }
}

/** Keeps the breaks that come first in the chain. */
class BreakList {
  count = 0;
  private kept: HistoryBreak[] = [];

  add(found: HistoryBreak): void {
    this.count += 1;
    this.kept.push(found);
    if (this.kept.length > 4 * breaksShown) this.kept = [...this.inOrder()];
  }

  inOrder(): readonly HistoryBreak[] {
    const place = ({ sequence }: HistoryBreak): number => sequence ?? Number.MAX_SAFE_INTEGER;
    return [...this.kept].sort((left, right) => place(left) - place(right)).slice(0, breaksShown);
  }
}

async function verifyLinks(
  tx: TenantTransaction,
  heads: readonly HistoryHead[],
  breaks: BreakList,
): Promise<{ readonly links: number; readonly headsConfirmed: number }> {
  const expected = new Map(heads.map(({ sequence, hash }) => [sequence, hash]));
  let last: { sequence: number; hash: string } = { sequence: 0, hash: genesisHash(tx.firmId) };
  let links = 0;
  let headsConfirmed = 0;
  for (;;) {
    const rows = await tx.rows<LinkRow>(
      `SELECT sequence, table_name, part, batch, extract(epoch FROM nullif(month, '-infinity'))::bigint AS month, row_count,
         rows_hash, (extract(epoch FROM recorded_at) * 1000)::bigint AS recorded_at, previous_hash, hash
       FROM history_links WHERE sequence > $1 ORDER BY sequence LIMIT ${linksPerPage}`,
      [last.sequence],
    );
    for (const row of rows) {
      const link = toLink(tx.firmId, row);
      const fault = linkFault(link, last);
      if (fault !== null)
        breaks.add({ kind: 'LINK_BROKEN', sequence: link.sequence, table: link.table, key: null, detail: fault });
      const kept = expected.get(link.sequence);
      if (kept === link.hash) headsConfirmed += 1;
      else if (kept !== undefined) {
        const detail = `the chain has ${link.hash} here, the head kept outside is ${kept}`;
        breaks.add({ kind: 'HEAD_LOST', sequence: link.sequence, table: link.table, key: null, detail });
      }
      last = link;
    }
    links += rows.length;
    if (rows.length < linksPerPage) break;
  }
  for (const { sequence, hash } of heads.filter((head) => head.sequence > last.sequence)) {
    const detail = `the chain ends at ${last.sequence}, but a head kept outside has sequence ${sequence}: ${hash}`;
    breaks.add({ kind: 'HEAD_LOST', sequence, table: 'history_links', key: null, detail });
  }
  return { links, headsConfirmed };
}

function toLink(firmId: string, row: LinkRow): HistoryLink {
  return {
    firmId,
    sequence: Number(row.sequence),
    table: row.table_name,
    part: row.part,
    batch: row.batch,
    month: row.month === null ? null : Number(row.month),
    rowCount: row.row_count,
    rowsHash: row.rows_hash.toString('hex'),
    recordedAt: Number(row.recorded_at),
    previousHash: row.previous_hash.toString('hex'),
    hash: row.hash.toString('hex'),
  };
}

function linkFault(link: HistoryLink, last: { readonly sequence: number; readonly hash: string }): string | null {
  if (link.sequence !== last.sequence + 1) return `follows ${last.sequence}: links between are missing`;
  if (link.previousHash !== last.hash) return 'does not follow the link before it';
  return linkHash(link) === link.hash ? null : 'its content does not give its hash';
}

/** Links ⇄ batches: each has exactly the other, and the row hashes of the batch are those that were linked. */
async function verifyBatches(tx: TenantTransaction, tables: readonly ChainedTable[], breaks: BreakList): Promise<void> {
  const rows = await tx.rows<{ sequence: string | null; table_name: string; batch: string; fault: string }>(
    `SELECT l.sequence, coalesce(l.table_name, b.table_name) AS table_name, coalesce(l.batch, b.batch) AS batch,
       CASE WHEN l.sequence IS NULL THEN 'its rows were never linked' WHEN b.batch IS NULL THEN 'its row hashes are missing'
            WHEN l.copies > 1 THEN 'it is linked ' || l.copies || ' times' ELSE 'its row hashes are not those that were linked' END AS fault
     FROM (SELECT table_name, part, batch, month, min(sequence) AS sequence, count(*) AS copies, min(row_count) AS row_count,
             (array_agg(rows_hash::bytea ORDER BY sequence))[1] AS rows_hash
           FROM history_links GROUP BY 1, 2, 3, 4) AS l
     FULL JOIN history_batches b USING (table_name, part, batch, month)
     WHERE l.sequence IS NULL OR b.batch IS NULL OR l.copies > 1 OR l.row_count <> b.row_count OR l.rows_hash <> sha256(b.row_hashes)
       OR octet_length(b.row_hashes) <> 32 * b.row_count
     ORDER BY l.sequence LIMIT 1000`,
  );
  for (const { sequence, table_name: table, batch, fault } of rows) {
    const detail = `batch ${batch}: ${fault}`;
    breaks.add({
      kind: 'BATCH_BROKEN',
      sequence: sequence === null ? null : Number(sequence),
      table,
      key: null,
      detail,
    });
  }
  const known = tables.map(({ name }) => name);
  const unknown = await tx.rows<{ sequence: string; table_name: string }>(
    'SELECT min(sequence) AS sequence, table_name FROM history_links WHERE table_name <> ALL ($1::text[]) GROUP BY 2',
    [known],
  );
  for (const { sequence, table_name: table } of unknown) {
    const detail = 'the chain speaks of a table that is no longer registered or does not exist';
    breaks.add({ kind: 'TABLE_UNKNOWN', sequence: Number(sequence), table, key: null, detail });
  }
}

async function verifyRows(
  tx: TenantTransaction,
  tables: readonly ChainedTable[],
  breaks: BreakList,
  onProgress: (progress: VerificationProgress) => void,
): Promise<number> {
  const chunks = await tx.rows<{ table_name: string; part: 'INSERT' | 'CLOSE'; month: string; rows: string }>(
    `SELECT table_name, part, CASE WHEN month = '-infinity' THEN '-infinity' ELSE month::text END AS month, sum(row_count) AS rows
     FROM history_batches GROUP BY 1, 2, month`,
  );
  const rowsTotal = chunks.reduce((sum, { rows }) => sum + Number(rows), await countSnapshotQuotes(tx));
  const retired = await tx.rows<{ table_name: string; month: string; batch: string }>(
    `SELECT table_name, month::text AS month, batch FROM history_retirements`,
  );
  let rowsDone = 0;
  for (const table of tables) {
    const own = chunks.filter(({ table_name: name }) => name === table.name);
    const written = own.map(({ month }) => month);
    const months = table.partitionColumn === null ? [noMonth] : [...new Set([...table.months, ...written])].sort();
    for (const month of months) {
      for (const part of table.openCondition === null ? (['INSERT'] as const) : (['INSERT', 'CLOSE'] as const)) {
        const retirement = retired.find((one) => one.table_name === table.name && one.month === month);
        const chunk = { table, part, month, retiredUntil: retirement?.batch };
        for (const found of await compareRows(tx, chunk)) breaks.add(found);
        rowsDone += Number(own.find((chunk) => chunk.month === month && chunk.part === part)?.rows ?? 0);
        onProgress({ rowsDone, rowsTotal });
      }
    }
    for (const found of await findUnchainedClosings(tx, table)) breaks.add(found);
  }
  for (const found of await compareAccounts(tx)) breaks.add(found);
  await compareSnapshots(
    tx,
    (found) => breaks.add(found),
    (rows) => onProgress({ rowsDone: (rowsDone += rows), rowsTotal }),
  );
  return rowsDone;
}
