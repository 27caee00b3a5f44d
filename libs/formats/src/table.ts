// Rows of a CSV table, or of its JSON form, to records of one format.
import { CellRefusal, type CellReader } from './cell';
import { findControlBreaks, trailerMark } from './control-totals';
import { type DelimitedRecord, splitRecords } from './delimited-text';
import { FileRefusal, ProblemList, refuseFile } from './file-refusal';
import { type JsonNode, parseJsonDocument } from './json-document';
import { type ColumnPositions, type ColumnRule, locateColumns } from './table-header';
import { readTrailer } from './trailer';
import { decodeText } from './text-gate';

/** A file as it arrived: its name for messages and its bytes. */
export interface SourceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A record and the line where it stands, so that later checks can still name the place. */
export interface TableRow<Value> {
  readonly line: number;
  readonly value: Value;
}

/** What a file held. */
export interface TableContent<Value> {
  readonly file: string;
  readonly rows: readonly TableRow<Value>[];
  /** What a careful reader should know, for example that the last line has no line end. */
  readonly warnings: readonly string[];
}

/** The cells of one row, read by column name. Every method throws CellRefusal tagged with the column. */
export interface RowCells {
  /** The cell must hold a value. */
  required<Value>(column: string, reader: CellReader<Value>): Value;
  /** An empty cell or an absent optional column is undefined. */
  optional<Value>(column: string, reader: CellReader<Value>): Value | undefined;
  /** Refuses the row because of one column. */
  refuse(column: string, reason: string): never;
}

/** How a format turns one row into a record. */
export interface TableFormat<Value> {
  readonly columns: readonly ColumnRule[];
  readonly toRecord: (cells: RowCells) => Value;
  /** Two rows with the same key are refused; the column is the one named in the message. */
  readonly unique?: { readonly column: string; readonly key: (value: Value) => string };
}

/**
 * Reads a whole file of one format, CSV or JSON (an array of objects with the column names as member names).
 *
 * Every row is checked before anything is returned.
 *
 * @throws FileRefusal listing every bad row (one problem per row)
 */
export function readTable<Value>(source: SourceFile, format: TableFormat<Value>): TableContent<Value> {
  const { text, gate } = decodeText(source.bytes, source.name);
  const isJson = /^\s*[[{]/.test(text);
  const problems = new ProblemList(source.name);
  const raw = isJson ? jsonRows(text, source.name, format.columns) : csvRows(text, source.name, format.columns);
  const rows: TableRow<Value>[] = [];
  for (const row of raw) {
    const value = readRow(row, format, problems);
    if (value !== undefined) rows.push({ line: row.line, value });
  }
  refuseRepeats(rows, format, problems);
  problems.refuseIfAny();
  const cutWarning = 'the last line has no line end; compare the row count in case the file was cut';
  return { file: source.name, rows, warnings: isJson || gate.endsWithLineEnd ? [] : [cutWarning] };
}

/** A row whose shape is known: text by column, or the reason why it has no such shape. */
export interface RawRow {
  readonly line: number;
  readonly text: (column: string) => string;
  readonly fault?: { readonly column?: string; readonly value?: string; readonly reason: string };
}

/** Reads one row; a refusal becomes a problem and the result is undefined. */
export function readRow<Value>(row: RawRow, format: TableFormat<Value>, problems: ProblemList): Value | undefined {
  if (row.fault !== undefined) {
    problems.add({ line: row.line, ...row.fault });
    return undefined;
  }
  try {
    return format.toRecord(new Cells(row));
  } catch (error) {
    if (error instanceof CellRefusal) {
      problems.add({ line: row.line, reason: error.message });
      return undefined;
    }
    if (!(error instanceof ColumnRefusal)) throw error;
    const value = error.value === '' ? {} : { value: error.value };
    problems.add({ line: row.line, column: error.column, ...value, reason: error.reason });
    return undefined;
  }
}

/** Adds a problem for every row whose key stood in an earlier row. */
export function refuseRepeats<Value>(
  rows: readonly TableRow<Value>[],
  format: TableFormat<Value>,
  problems: ProblemList,
): void {
  if (format.unique === undefined) return;
  const lineByKey = new Map<string, number>();
  for (const { line, value } of rows) {
    const key = format.unique.key(value);
    const earlier = lineByKey.get(key);
    if (earlier === undefined) lineByKey.set(key, line);
    else problems.add({ line, column: format.unique.column, value: key, reason: `a duplicate of line ${earlier}` });
  }
}

function csvRows(text: string, file: string, columns: readonly ColumnRule[]): RawRow[] {
  const [header, ...records] = splitRecords({ text, firstLine: 1, hasQuotes: text.includes('"') }, file);
  if (header === undefined) return refuseFile({ file, reason: 'the file holds no header' });
  const positions = locateColumns(header.cells, columns, { file, line: header.line });
  const data = withoutTrailer(records, file);
  if (data.length === 0) refuseFile({ file, line: header.line, reason: 'the file holds a header and no rows' });
  return data.map((record) => csvRow(record, positions, header.cells.length));
}

/** Checks the row count that a trailer announces and leaves the trailer out. */
function withoutTrailer(records: readonly DelimitedRecord[], file: string): readonly DelimitedRecord[] {
  const at = records.findIndex(({ cells }) => cells[0] === trailerMark);
  const trailer = records[at];
  if (trailer === undefined) return records;
  const place = { file, line: trailer.line };
  if (at < records.length - 1) refuseFile({ ...place, reason: 'a trailer before the last line' });
  const announced = readTrailer(trailer.cells, [], place);
  const breaks = findControlBreaks(announced, { rows: at, sums: {}, sha256: '' }, place);
  if (breaks.length > 0) throw new FileRefusal(breaks);
  return records.slice(0, at);
}

/** A record of a CSV file as a row of a table; one of another width than the header carries its fault. */
export function csvRow({ line, cells }: DelimitedRecord, positions: ColumnPositions, width: number): RawRow {
  const text = (column: string) => cells[positions.get(column) ?? -1] ?? '';
  if (cells.length === width) return { line, text };
  const reason = `${cells.length} values where the header has ${width}; is the row cut or a comma unquoted?`;
  return { line, text, fault: { value: cells.join(','), reason } };
}

/** The rows of a JSON array. @throws FileRefusal */
export function jsonRows(text: string, file: string, columns: readonly ColumnRule[]): RawRow[] {
  const document = parseJsonDocument(text, file);
  if (document.type !== 'array') refuseFile({ file, line: 1, reason: 'expected a JSON array of objects' });
  if (document.items.length === 0) refuseFile({ file, line: 1, reason: 'the array is empty' });
  return document.items.map((item) => jsonRow(item, columns));
}

function jsonRow(item: JsonNode, columns: readonly ColumnRule[]): RawRow {
  const blank = { line: item.line, text: () => '' };
  if (item.type !== 'object') return { ...blank, fault: { reason: `expected an object, got ${item.type}` } };
  const texts = new Map<string, string>();
  for (const [name, member] of item.members) {
    const rule = columns.find((candidate) => candidate.name === name);
    if (rule === undefined) return { ...blank, fault: { column: name, reason: 'unknown member' } };
    if (member.type === 'null') continue;
    const expected = rule.number === true ? 'number' : 'string';
    if (member.type !== expected) {
      const value = 'text' in member ? { value: member.text } : {};
      return {
        ...blank,
        line: member.line,
        fault: { column: name, ...value, reason: `expected a JSON ${expected}, got ${member.type}` },
      };
    }
    texts.set(name, member.text);
  }
  return { line: item.line, text: (column) => texts.get(column) ?? '' };
}

class ColumnRefusal extends Error {
  constructor(
    readonly column: string,
    readonly value: string,
    readonly reason: string,
  ) {
    super(reason);
  }
}

class Cells implements RowCells {
  constructor(private readonly row: RawRow) {}

  required<Value>(column: string, reader: CellReader<Value>): Value {
    const text = this.row.text(column);
    if (text === '') throw new ColumnRefusal(column, text, 'the value is missing');
    return this.read(column, text, reader);
  }

  optional<Value>(column: string, reader: CellReader<Value>): Value | undefined {
    const text = this.row.text(column);
    return text === '' ? undefined : this.read(column, text, reader);
  }

  refuse(column: string, reason: string): never {
    throw new ColumnRefusal(column, this.row.text(column), reason);
  }

  private read<Value>(column: string, text: string, reader: CellReader<Value>): Value {
    try {
      return reader(text);
    } catch (error) {
      if (error instanceof CellRefusal) throw new ColumnRefusal(column, text, error.message);
      throw error;
    }
  }
}
