import type { TenantTransaction } from '../tenant';
import { canonicalRowText, type ChainedTable, describeKey, hashedRows, noMonth, quoted } from './history-columns';

/** A row, or the place of a missing one, that is not as it was chained. */
export interface RowBreak {
  readonly kind: 'ROW_CHANGED' | 'ROW_ADDED' | 'ROW_MISSING';
  /** Sequence of the link that vouches for the row; null when none does. */
  readonly sequence: number | null;
  readonly table: string;
  /** Key of the row within the firm; null when all rows of the link are gone. */
  readonly key: string | null;
  readonly detail: string;
}

/** One table, one part of its rows, one partition. */
export interface RowChunk {
  readonly table: ChainedTable;
  readonly part: 'INSERT' | 'CLOSE';
  /** Start of the partition as the database prints it in UTC. */
  readonly month: string;
  /** Rows of this and earlier batches were given up under the retention policy. */
  readonly retiredUntil?: string | undefined;
  /** How many columns its batches have in binary form; null stands for text. */
  readonly forms: readonly (number | null)[];
  /** Only these batches; all when absent. */
  readonly range?: BatchRange;
}

/** Batches of one chunk that are compared by one statement. */
export interface BatchRange {
  /** Batches after this one; from the first when null. */
  readonly after: string | null;
  /** Batches up to and with this one. */
  readonly until: string;
  /** Places of their rows in the table, where there are any: what is written together stands together. */
  readonly places: { readonly first: string; readonly last: string } | null;
}

/** Batches of one chunk that are looked into row by row; a chunk that is destroyed altogether need not be listed whole. */
const batchesShown = 200;
/** Rows of one batch that are named; whoever wrote a whole book past the chain need not read every line of it. */
const rowsShown = 1_000;

/** Recomputes the row hashes of a chunk and finds the rows that differ from what was chained. */
export async function compareRows(tx: TenantTransaction, chunk: RowChunk): Promise<RowBreak[]> {
  const { table, part, month, range } = chunk;
  const wrong = await tx.rows<{ batch: string; sequence: string | null }>(
    `SELECT coalesce(b.batch, a.batch) AS batch, l.sequence
     FROM (SELECT batch, row_hashes FROM public.history_batches WHERE table_name = $1 AND part = $2 AND month = $3::timestamptz
           AND batch > $4::bigint AND ${inRange('batch', range)}) AS b
     FULL JOIN (SELECT batch, string_agg(hash, ''::bytea ORDER BY place) AS hashes
                FROM (${hashedRows(chunk, chunkCondition(chunk))}) AS hashed GROUP BY batch) AS a USING (batch)
     LEFT JOIN LATERAL (SELECT min(sequence) AS sequence FROM public.history_links WHERE table_name = $1 AND part = $2
                        AND month = $3::timestamptz AND batch = coalesce(b.batch, a.batch)) AS l ON true
     WHERE b.row_hashes IS DISTINCT FROM a.hashes ORDER BY l.sequence, 1 LIMIT ${batchesShown}`,
    [table.name, part, month, chunk.retiredUntil ?? '0'],
  );
  const breaks: RowBreak[] = [];
  for (const { batch, sequence } of wrong) {
    const found = await compareBatch(tx, { ...chunk, batch }, sequence === null ? null : Number(sequence));
    for (const one of found) breaks.push(one);
  }
  return breaks;
}

function inRange(column: string, range: BatchRange | undefined): string {
  if (range === undefined) return 'true';
  const { after, until } = range;
  return `${after === null ? '' : `${column} > ${after} AND `}${column} <= ${until}`;
}

/** SQL of what rows `r` of a chunk have in common. */
export function chunkCondition({ table: { partitionColumn }, part, month, range }: RowChunk): string {
  const conditions = ['true'];
  if (partitionColumn !== null && month !== noMonth) {
    const column = `r.${quoted(partitionColumn)}`;
    conditions.push(
      `${column} >= '${month}'::timestamptz AND ${column} < '${month}'::timestamptz + interval '1 month'`,
    );
  }
  if (range !== undefined) {
    const stamp = part === 'CLOSE' ? 'closing_batch' : 'batch';
    conditions.push(inRange(`r.${stamp}`, range));
    conditions.push(
      range.places === null
        ? 'false'
        : `r.ctid >= '${range.places.first}'::tid AND r.ctid < '${range.places.last}'::tid`,
    );
  }
  return conditions.join(' AND ');
}

async function compareBatch(
  tx: TenantTransaction,
  chunk: RowChunk & { readonly batch: string },
  sequence: number | null,
): Promise<RowBreak[]> {
  const { table, part, month, batch } = chunk;
  const stamp = part === 'CLOSE' ? 'closing_batch' : 'batch';
  const actual = await tx.rows<{ key: string; hash: Buffer }>(
    `SELECT key, hash FROM (${hashedRows(chunk, `${chunkCondition(chunk)} AND r.${stamp} = $1`)}) AS hashed ORDER BY place`,
    [batch],
  );
  const [stored] = await tx.rows<{ row_hashes: Buffer }>(
    'SELECT row_hashes FROM public.history_batches WHERE table_name = $1 AND part = $2 AND batch = $3 AND month = $4::timestamptz',
    [table.name, part, batch, month],
  );
  const chained = splitHashes(stored?.row_hashes ?? Buffer.alloc(0));
  const found = actual.map(({ key, hash }) => ({ key, hash: hash.toString('hex') }));
  return differences(chained, found).map((difference) => ({ ...difference, sequence, table: table.name }));
}

function splitHashes(bytes: Buffer): string[] {
  return Array.from({ length: bytes.length / 32 }, (_, index) => bytes.toString('hex', 32 * index, 32 * index + 32));
}

/** Rows are in order of their key on both sides, so a lost row is told by its neighbours. */
function differences(
  chained: readonly string[],
  found: readonly { readonly key: string; readonly hash: string }[],
): Pick<RowBreak, 'kind' | 'key' | 'detail'>[] {
  const known = new Set(chained);
  const present = new Set(found.map(({ hash }) => hash));
  const strange = found.filter(({ hash }) => !known.has(hash)).slice(0, rowsShown);
  const lost = chained.flatMap((hash, place) => (present.has(hash) ? [] : [place])).slice(0, rowsShown);
  const changed = Math.min(strange.length, lost.length);
  const breaks: Pick<RowBreak, 'kind' | 'key' | 'detail'>[] = strange.map(({ key }, index) =>
    index < changed
      ? { kind: 'ROW_CHANGED', key: describeKey(key), detail: 'its values are not those that were chained' }
      : { kind: 'ROW_ADDED', key: describeKey(key), detail: 'no link vouches for it' },
  );
  for (const place of lost.slice(changed)) breaks.push(missingRow(chained, found, place));
  if (breaks.length === 0) {
    // The same hashes in another order or number.
    const index = found.findIndex(({ hash }, place) => hash !== chained[place]);
    const key = found[index === -1 ? found.length - 1 : index]?.key;
    const detail = `it stands at another place, or twice: ${found.length} rows, ${chained.length} chained`;
    breaks.push({ kind: 'ROW_ADDED', key: key === undefined ? null : describeKey(key), detail });
  }
  return breaks;
}

function missingRow(
  chained: readonly string[],
  found: readonly { readonly key: string; readonly hash: string }[],
  place: number,
): Pick<RowBreak, 'kind' | 'key' | 'detail'> {
  const keyByHash = new Map(found.map(({ key, hash }) => [hash, key]));
  const before = chained.slice(0, place).findLast((hash) => keyByHash.has(hash));
  const after = chained.slice(place + 1).find((hash) => keyByHash.has(hash));
  const words = (hash: string | undefined, edge: string): string =>
    hash === undefined ? edge : describeKey(keyByHash.get(hash) as string);
  const detail = `row ${place + 1} of ${chained.length} is missing, between ${words(before, 'the first')} and ${words(after, 'the last')}`;
  return { kind: 'ROW_MISSING', key: null, detail };
}

/** Rows that look closed although no link closed them. */
export async function findUnchainedClosings(tx: TenantTransaction, table: ChainedTable): Promise<RowBreak[]> {
  if (table.openCondition === null) return [];
  const rows = await tx.rows<{ key: string; sequence: string | null }>(
    `SELECT ${canonicalRowText(table, 'KEY')} AS key,
       (SELECT min(sequence) FROM public.history_links l WHERE l.table_name = $1 AND l.part = 'INSERT' AND l.batch = r.batch) AS sequence
     FROM public.${quoted(table.name)} r WHERE r.closing_batch IS NULL AND NOT (${table.openCondition}) LIMIT 100`,
    [table.name],
  );
  const detail = `${table.closingColumns.join(', ')} say that it is closed, but no link closed it`;
  return rows.map(({ key, sequence }) => ({
    kind: 'ROW_CHANGED',
    sequence: sequence === null ? null : Number(sequence),
    table: table.name,
    key: describeKey(key),
    detail,
  }));
}
