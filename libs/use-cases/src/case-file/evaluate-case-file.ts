import {
  type CaseHeader,
  CaseRefusal,
  type DelimitedRecord,
  type FileProblem,
  formatDelimitedCells,
  formatNumber,
  refuseFile,
  streamRecords,
  TextGate,
} from '@ballast/formats';

/** A file of cases as it streams in. */
export interface CaseFileSource {
  /** Name for messages; `stdin` for standard input. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Where the results stream to, and in which form. */
export interface CaseFileTarget {
  /** `csv`: the input columns and the result columns; `json`: one array with an object per row, one row per line. */
  readonly format: 'csv' | 'json';
  /** Takes the next piece of text; the promise resolves when more may come. */
  readonly write: (text: string) => Promise<void>;
  /** Told after every chunk how many rows are done. */
  readonly onProgress?: (progress: { readonly rows: number }) => void;
}

/** What became of a file of cases. */
export interface CaseFileSummary {
  readonly rows: number;
  readonly refused: number;
  /** The first refused rows, at most 20. */
  readonly refusals: readonly FileProblem[];
  readonly warnings: readonly string[];
}

/** One kind of case file: its header, its computation, its result columns. */
export interface CaseFileKind {
  readonly readHeader: (record: DelimitedRecord, file: string) => CaseHeader;
  /** Columns added to those of the input; `error` is the last. */
  readonly resultColumns: readonly string[];
  /** Computes one row: a value per result column, absent ones empty. @throws CaseRefusal, or an error with a code */
  readonly evaluate: (
    header: CaseHeader,
    cells: readonly string[],
  ) => Readonly<Record<string, number | string | undefined>>;
}

const refusalsKept = 20;

/**
 * Computes a file of cases row by row in constant memory. A row that cannot be computed keeps its place with a message
 * in `error`; a file that is no table of this kind is refused as a whole.
 *
 * @throws FileRefusal
 */
export async function evaluateCaseFile(
  source: CaseFileSource,
  target: CaseFileTarget,
  kind: CaseFileKind,
): Promise<CaseFileSummary> {
  const gate = new TextGate(source.name);
  const refusals: FileProblem[] = [];
  let header: CaseHeader | undefined;
  let rows = 0;
  let refused = 0;
  for await (const batch of streamRecords(source.bytes, source.name, gate)) {
    let text = '';
    for (const record of batch) {
      if (header === undefined) {
        header = kind.readHeader(record, source.name);
        text += target.format === 'csv' ? `${formatDelimitedCells([...header.names, ...kind.resultColumns])}\n` : '[\n';
        continue;
      }
      const result = evaluateRow(header, record, kind);
      if (result['error'] !== undefined) {
        refused += 1;
        if (refusals.length < refusalsKept) {
          refusals.push({ file: source.name, line: record.line, reason: String(result['error']) });
        }
      }
      text += formatRow(target.format, { header, cells: record.cells, result, isFirst: rows === 0 }, kind);
      rows += 1;
    }
    if (text !== '') await target.write(text);
    target.onProgress?.({ rows });
  }
  if (header === undefined) refuseFile({ file: source.name, reason: 'the file holds no header' });
  if (rows === 0) refuseFile({ file: source.name, line: 1, reason: 'the file holds a header and no rows' });
  if (target.format === 'json') await target.write('\n]\n');
  const warning = `${source.name}: the last line has no line end; compare the row count in case the file was cut`;
  return { rows, refused, refusals, warnings: gate.endsWithLineEnd ? [] : [warning] };
}

type ResultCells = Readonly<Record<string, number | string | undefined>>;

function evaluateRow(header: CaseHeader, record: DelimitedRecord, kind: CaseFileKind): ResultCells {
  try {
    return kind.evaluate(header, record.cells);
  } catch (error) {
    if (error instanceof CaseRefusal || isCoded(error)) return { error: error.message };
    throw error;
  }
}

/** Errors of the pricing library carry a code of the closed list; anything else is a bug and stops the file. */
function isCoded(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && (error as { code?: unknown }).code === 'INVALID_PRICING_INPUT';
}

function formatRow(
  format: CaseFileTarget['format'],
  row: {
    readonly header: CaseHeader;
    readonly cells: readonly string[];
    readonly result: ResultCells;
    readonly isFirst: boolean;
  },
  kind: CaseFileKind,
): string {
  const echo = row.header.echo(row.cells);
  if (format === 'csv') {
    let line = formatDelimitedCells(echo);
    for (const column of kind.resultColumns) {
      const value = row.result[column];
      // Numbers need no quotes; skipping the check for them is a third of the time of a large file.
      line += typeof value === 'number' ? `,${formatNumber(value)}` : `,${formatDelimitedCells([value ?? ''])}`;
    }
    return `${line}\n`;
  }
  const members: Record<string, string | number> = {};
  row.header.names.forEach((name, index) => (members[name] = echo[index] ?? ''));
  for (const column of kind.resultColumns) {
    const value = row.result[column];
    if (value !== undefined)
      members[column] = typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  }
  return `${row.isFirst ? '' : ',\n'}${JSON.stringify(members)}`;
}
