import type { TenantTransaction } from '../tenant';
import { type BatchRange, chunkCondition, type RowChunk } from './compare-rows';
import { quoted } from './history-columns';

/** A part of a chunk, and how many rows were chained of it. */
export interface ChunkPiece {
  readonly chunk: RowChunk;
  readonly rows: number;
}

interface BatchPlace {
  readonly batch: string;
  readonly rows: number;
  readonly chained: number;
  readonly block_first: string | null;
  readonly block_last: string | null;
}

/**
 * Cuts a chunk into pieces of whole batches, in order of the batch, so that comparing one holds its rows alone and can be
 * stopped between two. A batch that is larger than a piece is a piece of its own; a chunk that is not is left whole.
 *
 * @param chunk        with what was retired of it
 * @param cut.rows     rows of the chunk that were chained; 0 when absent
 * @param cut.after    batches up to this one were compared before
 */
export async function cutIntoPieces(
  tx: TenantTransaction,
  chunk: RowChunk,
  cut: { readonly rows?: number; readonly pieceSize: number; readonly after?: string | undefined },
): Promise<readonly ChunkPiece[]> {
  const { rows = 0, pieceSize } = cut;
  const after = cut.after === undefined ? null : BigInt(cut.after).toString();
  if (after === null && rows <= pieceSize) return [{ chunk, rows }];
  const { table, part, month } = chunk;
  const stamp = part === 'CLOSE' ? 'closing_batch' : 'batch';
  const batches = await tx.rows<BatchPlace>(
    `SELECT batch::text AS batch, coalesce(a.rows, 0)::integer AS rows, coalesce(b.row_count, 0) AS chained, a.block_first, a.block_last
     FROM (SELECT batch, row_count FROM public.history_batches WHERE table_name = $1 AND part = $2 AND month = $3::timestamptz
           AND ($4::bigint IS NULL OR batch > $4)) AS b
     FULL JOIN (SELECT r.${stamp} AS batch, count(*) AS rows, min(r.ctid)::text AS block_first, max(r.ctid)::text AS block_last
                FROM public.${quoted(table.name)} r WHERE r.${stamp} IS NOT NULL AND ($4::bigint IS NULL OR r.${stamp} > $4) AND ${chunkCondition(chunk)} GROUP BY 1) AS a
     USING (batch) ORDER BY coalesce(b.batch, a.batch)`,
    [table.name, part, month, after],
  );
  const pieces: ChunkPiece[] = [];
  let open: BatchPlace[] = [];
  let size = 0;
  const close = (): void => {
    const last = open.at(-1);
    if (last === undefined) return;
    const before = pieces.at(-1)?.chunk.range?.until ?? after;
    const range = { after: before, until: last.batch, places: placesOf(open) };
    pieces.push({ chunk: { ...chunk, range }, rows: open.reduce((sum, { chained }) => sum + chained, 0) });
    open = [];
    size = 0;
  };
  for (const batch of batches) {
    const weight = Math.max(batch.rows, batch.chained);
    if (size > 0 && size + weight > pieceSize) close();
    open.push(batch);
    size += weight;
  }
  close();
  return pieces;
}

/** From the first row of the first block to the end of the last. */
function placesOf(batches: readonly BatchPlace[]): BatchRange['places'] {
  let first: number | undefined;
  let last: number | undefined;
  for (const { block_first: low, block_last: high } of batches) {
    if (low === null || high === null) continue;
    first = Math.min(first ?? Number.POSITIVE_INFINITY, blockOf(low));
    last = Math.max(last ?? 0, blockOf(high));
  }
  return first === undefined || last === undefined ? null : { first: `(${first},0)`, last: `(${last + 1},0)` };
}

/** Block of a place written as `(block,line)`. */
function blockOf(place: string): number {
  return Number(place.slice(1, place.indexOf(',')));
}
