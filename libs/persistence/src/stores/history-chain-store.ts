import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { type ChainedTable, noMonth, readChainedTables } from '../history/history-columns';
import { findHistoryHead, keepHistoryHead } from '../history/keep-history-head';
import { genesisHash, type HistoryHead, type HistoryLink, linkHash } from '../history/history-link';
import { compareAccounts } from '../history/compare-accounts';
import { cutIntoPieces } from '../history/chunk-pieces';
import { compareRows, findUnchainedClosings, type RowChunk } from '../history/compare-rows';
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
  /** How far it came when it was stopped; null when everything was compared. */
  readonly stopped: VerificationState | null;
}

export interface VerificationProgress {
  readonly rowsDone: number;
  readonly rowsTotal: number;
}

/** How far the rows were compared before somebody stopped a verification. */
export interface VerificationState {
  /** The newest link of then: a chain that no longer has it is verified from the beginning. */
  readonly head: Pick<HistoryHead, 'sequence' | 'hash'>;
  /** Last batch compared, by chunk. */
  readonly compared: Readonly<Record<string, string>>;
  /** Last snapshot whose quotes were compared; null before the first. */
  readonly snapshot: string | null;
  readonly breakCount: number;
  readonly breaks: readonly HistoryBreak[];
}

/** How a verification is done. */
export interface VerificationInput {
  /** Heads kept outside: a chain that was cut or rewritten no longer contains them. */
  readonly heads?: readonly HistoryHead[];
  readonly onProgress?: (progress: VerificationProgress) => void;
  /** Aborted to stop between two pieces. */
  readonly signal?: AbortSignal;
  /** What a verification that was stopped had compared: those rows are not compared again. Links are, from the first. */
  readonly resume?: VerificationState;
  /** Rows compared by one statement, ≥ 1; 100,000 when absent. A larger batch is compared at once. */
  readonly pieceSize?: number;
}

const breaksShown = 100;
const linksPerPage = 5_000;
const usualPieceSize = 100_000;
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
   * tables, the hash of every snapshot from its quotes, and compares with the heads that were kept outside. One moment of the
   * database, read only; what an earlier, stopped verification compared is of the moment of that one.
   */
  async verify(context: TenantContext, input: VerificationInput = {}): Promise<HistoryVerification> {
    const work = async (tx: TenantTransaction): Promise<HistoryVerification> => {
      const tables = await readChainedTables(tx);
      await tx.rows(`SELECT set_config('search_path', 'pg_catalog, public, pg_temp', true), set_config('timezone', 'UTC', true),
        set_config('datestyle', 'ISO, YMD', true), set_config('bytea_output', 'hex', true), set_config('extra_float_digits', '1', true)`);
      const breaks = new BreakList();
      const resume = (await isOfChain(tx, input.resume)) ? input.resume : undefined;
      const chain = await verifyLinks(tx, input.heads ?? [], breaks);
      await verifyBatches(tx, tables, breaks);
      const ofRows = new BreakList(resume);
      const { rows, isWhole, ...came } = await verifyRows(tx, tables, ofRows, { ...input, resume });
      const head = await findHistoryHead(tx);
      const stopped =
        isWhole || head === null ? null : { head, ...came, breakCount: ofRows.count, breaks: ofRows.inOrder() };
      breaks.join(ofRows);
      return { ...chain, rows, head, breakCount: breaks.count, breaks: breaks.inOrder(), stopped };
    };
    return this.database.withTenant(context, work, { isolation: 'REPEATABLE READ', statementTimeoutMs });
  }
}

async function isOfChain(tx: TenantTransaction, state: VerificationState | undefined): Promise<boolean> {
  if (state === undefined) return false;
  const sql = `SELECT 1 FROM history_links WHERE sequence = $1 AND encode(hash, 'hex') = $2`;
  return (await tx.rows(sql, [state.head.sequence, state.head.hash])).length === 1;
}

/** Keeps the breaks that come first in the chain. */
class BreakList {
  count: number;
  private kept: HistoryBreak[];

  constructor(before?: Pick<VerificationState, 'breakCount' | 'breaks'>) {
    this.count = before?.breakCount ?? 0;
    this.kept = [...(before?.breaks ?? [])];
  }

  join(other: BreakList): void {
    this.count += other.count;
    this.kept.push(...other.kept);
  }

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

/** Rows of every chunk, piece by piece, then accounts and snapshots, whose rows are vouched for by chained ones. */
async function verifyRows(
  tx: TenantTransaction,
  tables: readonly ChainedTable[],
  breaks: BreakList,
  {
    onProgress,
    signal,
    resume,
    pieceSize = usualPieceSize,
  }: Omit<VerificationInput, 'resume'> & { readonly resume: VerificationState | undefined },
): Promise<Pick<VerificationState, 'compared' | 'snapshot'> & { readonly rows: number; readonly isWhole: boolean }> {
  const written = await readWrittenChunks(tx, resume);
  const quotes = await countSnapshotQuotes(tx, resume?.snapshot ?? null);
  const rowsTotal = written.reduce((sum, { rows }) => sum + rows, quotes.rows);
  const compared: Record<string, string> = { ...resume?.compared };
  let snapshot = resume?.snapshot ?? null;
  let rowsDone = written.reduce((sum, { rowsBefore }) => sum + rowsBefore, quotes.rowsBefore);
  const tell = (rows: number): void => {
    rowsDone += rows;
    onProgress?.({ rowsDone, rowsTotal });
  };
  const end = (isWhole: boolean) => ({ rows: rowsDone, compared, snapshot, isWhole });
  tell(0);
  for (const table of tables) {
    const own = written.filter((chunk) => chunk.table === table.name);
    for (const chunk of await chunksOf(tx, table, own)) {
      const name = chunkName(chunk);
      const rows = own.find((one) => one.name === name)?.rows ?? 0;
      for (const piece of await cutIntoPieces(tx, chunk, { rows, pieceSize, after: compared[name] })) {
        if (signal?.aborted === true) return end(false);
        for (const found of await compareRows(tx, piece.chunk)) breaks.add(found);
        if (piece.chunk.range !== undefined) compared[name] = piece.chunk.range.until;
        tell(piece.rows);
      }
    }
    for (const found of await findUnchainedClosings(tx, table)) breaks.add(found);
  }
  for (const found of await compareAccounts(tx)) breaks.add(found);
  const isWhole = await compareSnapshots(tx, snapshot, {
    add: (found) => breaks.add(found),
    onRows: (rows, last) => {
      snapshot = last;
      tell(rows);
      return signal?.aborted !== true;
    },
  });
  return end(isWhole);
}

/** A chunk as the chain knows it. */
interface WrittenChunk {
  readonly table: string;
  readonly month: string;
  readonly name: string;
  readonly rows: number;
  /** Of those, the ones that were compared before. */
  readonly rowsBefore: number;
  /** How many columns its batches have in binary form; null stands for text. */
  readonly forms: readonly (number | null)[];
}

async function readWrittenChunks(
  tx: TenantTransaction,
  resume: VerificationState | undefined,
): Promise<readonly WrittenChunk[]> {
  const found = await tx.rows<{
    table_name: string;
    part: string;
    month: string;
    rows: string;
    before: string;
    forms: number[];
  }>(
    `SELECT table_name, part, month, sum(row_count) AS rows,
       array_agg(DISTINCT binary_columns) AS forms,
       coalesce(sum(row_count) FILTER (WHERE batch <= ($1::jsonb ->> (table_name || ' ' || part || ' ' || month))::bigint), 0) AS before
     FROM (SELECT table_name, part, batch, row_count, binary_columns,
             CASE WHEN month = '-infinity' THEN '-infinity' ELSE month::text END AS month FROM history_batches) AS b
     GROUP BY 1, 2, 3`,
    [JSON.stringify(resume?.compared ?? {})],
  );
  return found.map(({ table_name: table, part, month, rows, before, forms }) => {
    return { table, month, name: chunkName({ table: { name: table }, part, month }), rows: Number(rows), rowsBefore: Number(before), forms }; // prettier-ignore
  });
}

function chunkName({ table, part, month }: { table: { readonly name: string }; part: string; month: string }): string {
  return `${table.name} ${part} ${month}`;
}

/** Chunks of a table: of every month that exists or was written to. */
async function chunksOf(
  tx: TenantTransaction,
  table: ChainedTable,
  written: readonly WrittenChunk[],
): Promise<readonly RowChunk[]> {
  const retired = await tx.rows<{ month: string; batch: string }>(
    `SELECT month::text AS month, batch FROM history_retirements WHERE table_name = $1`,
    [table.name],
  );
  const months =
    table.partitionColumn === null
      ? [noMonth]
      : [...new Set([...table.months, ...written.map(({ month }) => month)])].sort();
  const parts = table.openCondition === null ? (['INSERT'] as const) : (['INSERT', 'CLOSE'] as const);
  return months.flatMap((month) => {
    const retiredUntil = retired.find((one) => one.month === month)?.batch;
    return parts.map((part) => {
      const forms = written.find(({ name }) => name === chunkName({ table, part, month }))?.forms ?? [];
      return { table, part, month, retiredUntil, forms };
    });
  });
}
