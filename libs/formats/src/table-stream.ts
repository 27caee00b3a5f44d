// A table of any length, row by row: holds one chunk of the file, and the problems, in memory.
import { streamRecords } from './delimited-text';
import { type ControlTotals, trailerMark } from './control-totals';
import { type ProblemList, refuseFile } from './file-refusal';
import { type ColumnPositions, locateColumns } from './table-header';
import { csvRow, jsonRows, readRow, type SourceFile, type TableFormat, type TableRow } from './table';
import { TextGate } from './text-gate';
import { readTrailer } from './trailer';

/** A file as it streams in; `name` is for messages. */
export interface SourceStream {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** The good rows of one chunk. */
export interface TableBatch<Value> {
  readonly rows: readonly TableRow<Value>[];
}

/** What is known once the whole file was read. */
export interface TableEnd {
  /** Rows of data, good and bad. */
  readonly rowCount: number;
  /** Totals of the last line of the file, where it is a trailer, and its line. */
  readonly control?: ControlTotals & { readonly line: number };
  readonly warnings: readonly string[];
}

const documentMaximum = 256 * 1024 * 1024;

/** Makes a stream of a file that is in memory already. */
export function streamOf(source: SourceFile): SourceStream {
  return {
    name: source.name,
    chunks: (async function* () {
      yield source.bytes;
    })(),
  };
}

/**
 * Reads a table of one format, CSV in constant memory or JSON (at most 256 MiB). Bad rows go into `problems` and are left
 * out of the batches; what makes the whole file unreadable is thrown. Rows that repeat a key are not looked for.
 *
 * @param sumNames  columns whose sum a trailer may announce
 * @returns the end of the file, after the last batch
 * @throws FileRefusal
 */
export async function* streamTable<Value>(
  source: SourceStream,
  format: TableFormat<Value>,
  problems: ProblemList,
  sumNames: readonly string[],
): AsyncGenerator<TableBatch<Value>, TableEnd> {
  const chunks = source.chunks[Symbol.asyncIterator]();
  const first = await chunks.next();
  const head = first.done === true ? new Uint8Array(0) : first.value;
  const rest = (async function* () {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  try {
    if (isJson(head)) return yield* jsonBatches({ name: source.name, chunks: rest }, format, problems);
    return yield* csvBatches({ name: source.name, chunks: rest }, format, { problems, sumNames });
  } finally {
    await chunks.return?.();
  }
}

async function* csvBatches<Value>(
  source: SourceStream,
  format: TableFormat<Value>,
  context: { readonly problems: ProblemList; readonly sumNames: readonly string[] },
): AsyncGenerator<TableBatch<Value>, TableEnd> {
  const file = source.name;
  const gate = new TextGate(file);
  let header: { readonly positions: ColumnPositions; readonly width: number; readonly line: number } | undefined;
  let control: TableEnd['control'];
  let rowCount = 0;
  for await (const records of streamRecords(source.chunks, file, gate)) {
    const rows: TableRow<Value>[] = [];
    for (const record of records) {
      const { line, cells } = record;
      if (header === undefined) {
        header = { positions: locateColumns(cells, format.columns, { file, line }), width: cells.length, line };
        continue;
      }
      if (control !== undefined) {
        refuseFile({ file, line, reason: `a row after the trailer of line ${control.line}` });
      }
      if (cells[0] === trailerMark) {
        control = { ...readTrailer(cells, context.sumNames, { file, line }), line };
        continue;
      }
      rowCount += 1;
      const value = readRow(csvRow(record, header.positions, header.width), format, context.problems);
      if (value !== undefined) rows.push({ line, value });
    }
    yield { rows };
  }
  if (header === undefined) return refuseFile({ file, reason: 'the file holds no header' });
  if (rowCount === 0) refuseFile({ file, line: header.line, reason: 'the file holds a header and no rows' });
  const warnings = gate.endsWithLineEnd || control !== undefined ? [] : [cutWarning];
  return { rowCount, warnings, ...(control === undefined ? {} : { control }) };
}

/** What a file without a last line end may mean. */
export const cutWarning = 'the last line has no line end; compare the row count in case the file was cut';

async function* jsonBatches<Value>(
  source: SourceStream,
  format: TableFormat<Value>,
  problems: ProblemList,
): AsyncGenerator<TableBatch<Value>, TableEnd> {
  const gate = new TextGate(source.name);
  let text = '';
  for await (const chunk of source.chunks) {
    text += gate.push(chunk)?.text ?? '';
    if (text.length > documentMaximum) refuseFile({ file: source.name, reason: 'JSON of more than 256 MiB; use CSV' });
  }
  text += gate.end()?.text ?? '';
  const raw = jsonRows(text, source.name, format.columns);
  const rows: TableRow<Value>[] = [];
  for (const row of raw) {
    const value = readRow(row, format, problems);
    if (value !== undefined) rows.push({ line: row.line, value });
  }
  yield { rows };
  return { rowCount: raw.length, warnings: [] };
}

/** White space and a byte order mark may come before the bracket. */
function isJson(head: Uint8Array): boolean {
  for (const byte of head) {
    if (byte === 0x5b || byte === 0x7b) return true;
    if (![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].includes(byte)) return false;
  }
  return false;
}
