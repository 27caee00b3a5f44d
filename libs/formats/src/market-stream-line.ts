// One line of a market stream: a JSON object with the column names of the market files as member names.
import { type Instant, mayPriceBeNegative, underlyingKinds } from '@ballast/domain';
import type { MarketChange } from '@ballast/market-data';
import { CellRefusal, choiceCell, currencyCell, decimalCell, identifierCell, instantCell, numberCell } from './cell';
import { FileRefusal, type FileProblem, ProblemList } from './file-refusal';
import { type JsonNode, parseJsonDocument } from './json-document';
import { forwardFormat, fxFormat, interestRateCell, quoteFormat, rateCell } from './market-file';
import { splitStreamLines } from './stream-lines';
import type { SourceStream } from './table-stream';
import { type RawRow, readRow, type RowCells, type TableFormat } from './table';

/** What a line of a stream states. */
export type StreamStatement =
  | MarketChange
  /** The source lives and has nothing to say. */
  | { readonly kind: 'heartbeat' };

/** A good line of a stream. */
export interface StreamLine {
  readonly file: string;
  readonly line: number;
  /** Counts the messages of the source up by one; null where it counts none. */
  readonly sequence: number | null;
  /** When the source stated it; null where it does not say. */
  readonly at: Instant | null;
  readonly statement: StreamStatement;
}

/** Columns that every line may have beside those of its kind. */
const common = [
  { name: 'sequence', optional: true },
  { name: 'timestamp', optional: true },
] as const;

/** Tells the kind of a line by the member that no other kind has. */
const tellingMembers = { instrument: 'quote', heartbeat: 'heartbeat', from: 'fx' } as const;

const underlyingColumns = ['underlying', 'price', 'kind', 'currency', 'rate', 'dividendYield'].map((name) => ({
  name,
}));

const formats: Readonly<Record<StreamStatement['kind'], TableFormat<StreamStatement>>> = {
  quote: {
    columns: [...quoteFormat.columns, ...common],
    toRecord: (cells) => ({ kind: 'quote', value: quoteFormat.toRecord(cells) }),
  },
  underlying: { columns: [...underlyingColumns, ...common], toRecord: toUnderlyingTick },
  forward: {
    columns: [...forwardFormat.columns, ...common],
    toRecord: (cells) => ({ kind: 'forward', value: forwardFormat.toRecord(cells) }),
  },
  fx: {
    columns: [...fxFormat.columns, ...common],
    toRecord: (cells) => ({ kind: 'fx', value: fxFormat.toRecord(cells) }),
  },
  heartbeat: { columns: [{ name: 'heartbeat' }, ...common], toRecord: () => ({ kind: 'heartbeat' }) },
};

/**
 * Reads one line of a market stream. The kind is told by its members: `instrument` a quote, `underlying` with `expiry` a
 * forward and without the price of an underlying, `from` an exchange rate, `heartbeat` nothing new. Values are strings or
 * numbers; a number keeps its digits, it never passes through float64. Members that are absent or null are empty cells.
 *
 * @param place.line  counts from 1 within the stream
 * @returns the line, or the first thing that is wrong with it
 */
export function readStreamLine(
  text: string,
  place: { readonly file: string; readonly line: number },
): StreamLine | { readonly problem: FileProblem } {
  const problems = new ProblemList(place.file);
  const row = rawRow(text, place);
  if ('problem' in row) return row;
  const format = formats[row.kind];
  const read = readRow(
    row.row,
    { columns: format.columns, toRecord: (cells) => lineOf(cells, format, place) },
    problems,
  );
  const [problem] = problems.problems;
  if (read !== undefined) return read;
  return { problem: problem ?? { ...place, reason: 'the line cannot be read' } };
}

/** Lines of a stream, good and bad, as many at a time as came at once. */
export async function* readMarketStream(
  source: SourceStream,
): AsyncGenerator<readonly (StreamLine | { readonly problem: FileProblem })[], void> {
  for await (const lines of splitStreamLines(source.chunks))
    yield lines.map((line) => {
      const place = { file: source.name, line: line.line };
      return 'fault' in line ? { problem: { ...place, reason: line.fault } } : readStreamLine(line.text, place);
    });
}

function lineOf(
  cells: RowCells,
  format: TableFormat<StreamStatement>,
  place: { readonly file: string; readonly line: number },
): StreamLine {
  const sequence = cells.optional('sequence', sequenceCell) ?? null;
  const at = cells.optional('timestamp', instantCell) ?? null;
  return { ...place, sequence, at, statement: format.toRecord(cells) };
}

function rawRow(
  text: string,
  place: { readonly file: string; readonly line: number },
): { readonly row: RawRow; readonly kind: StreamStatement['kind'] } | { readonly problem: FileProblem } {
  const refused = (problem: Omit<FileProblem, 'file' | 'line'>) => ({ problem: { ...place, ...problem } });
  let document: JsonNode;
  try {
    document = parseJsonDocument(text, place.file);
  } catch (error) {
    const [first] = error instanceof FileRefusal ? error.problems : [];
    if (first === undefined) throw error;
    return refused({ ...(first.column === undefined ? {} : { column: first.column }), value: text.slice(0, 200), reason: first.reason }); // prettier-ignore
  }
  if (document.type !== 'object') return refused({ value: text.slice(0, 200), reason: 'expected a JSON object' });
  const { members } = document;
  const kind = kindOf(members);
  if (kind === undefined) {
    const value = [...members.keys()].join(',');
    return refused({
      value,
      reason: 'an unknown message: none of instrument, underlying, from and heartbeat is there',
    });
  }
  const texts = new Map<string, string>();
  for (const [name, member] of members) {
    if (!formats[kind].columns.some((column) => column.name === name))
      return refused({ column: name, reason: `unknown member of a ${kind}` });
    if (member.type === 'null') continue;
    if (member.type !== 'string' && member.type !== 'number' && kind !== 'heartbeat')
      return refused({ column: name, reason: `expected a string or a number, got ${member.type}` });
    if ('text' in member) texts.set(name, member.text);
  }
  return { kind, row: { line: place.line, text: (column) => texts.get(column) ?? '' } };
}

function kindOf(members: ReadonlyMap<string, unknown>): StreamStatement['kind'] | undefined {
  for (const [name, kind] of Object.entries(tellingMembers)) if (members.has(name)) return kind;
  if (!members.has('underlying')) return undefined;
  return members.has('expiry') ? 'forward' : 'underlying';
}

function toUnderlyingTick(cells: RowCells): StreamStatement {
  const price = cells.optional('price', decimalCell) ?? null;
  const kind = cells.optional('kind', choiceCell(underlyingKinds));
  if (price !== null && kind !== undefined && price.lessThanOrEqualTo(0) && !mayPriceBeNegative(kind))
    cells.refuse('price', `must be greater than 0 when kind is ${kind}`);
  const currency = cells.optional('currency', currencyCell);
  const rate = cells.optional('rate', interestRateCell);
  const dividendYield = cells.optional('dividendYield', rateCell);
  return {
    kind: 'underlying',
    value: {
      underlyingId: cells.required('underlying', identifierCell),
      price,
      ...(kind === undefined ? {} : { kind }),
      ...(currency === undefined ? {} : { currency }),
      ...(rate === undefined ? {} : { rate }),
      ...(dividendYield === undefined ? {} : { dividendYield }),
    },
  };
}

function sequenceCell(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? numberCell(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new CellRefusal('expected a whole number from 0 to 9007199254740991');
  return value;
}
