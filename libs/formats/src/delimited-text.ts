// Comma separated text to records, strictly.
import { CsvError, parse } from 'csv-parse/sync';
import { refuseFile } from './file-refusal';
import { TextGate, type TextBlock } from './text-gate';

/** One record: the line in which it starts and its cells as they stand in the file. */
export interface DelimitedRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * Splits a block of text into records. Quoting follows RFC 4180; blank lines are left out.
 *
 * @throws FileRefusal for a quote inside an unquoted value, text after a closing quote, an unclosed quote
 */
export function splitRecords(block: TextBlock, file: string): DelimitedRecord[] {
  if (!block.hasQuotes) return splitPlainRecords(block);
  const options = { relax_column_count: true, record_delimiter: ['\r\n', '\n'], info: true };
  let parsed: unknown[];
  try {
    parsed = parse(block.text, options) as unknown[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const lineInBlock = typeof error['lines'] === 'number' ? error['lines'] : 1;
    return refuseFile({
      file,
      line: block.firstLine + lineInBlock - 1,
      reason: csvReasons[error.code] ?? error.message,
    });
  }
  const records = numberRecordsWithQuotes(parsed as RecordWithInfo[], block.firstLine);
  return records.filter(({ cells }) => cells.length > 1 || cells[0] !== '');
}

/** Without quotes every line is a record and every comma splits it. */
function splitPlainRecords({ text, firstLine }: TextBlock): DelimitedRecord[] {
  const records: DelimitedRecord[] = [];
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content !== '') records.push({ line: firstLine + index, cells: content.split(',') });
  }
  return records;
}

/** Reads a stream of bytes as batches of records; holds one chunk and one record in memory. @throws FileRefusal */
export async function* streamRecords(
  source: AsyncIterable<Uint8Array>,
  file: string,
  gate = new TextGate(file),
): AsyncGenerator<DelimitedRecord[]> {
  for await (const chunk of source) {
    const block = gate.push(chunk);
    if (block !== undefined) yield splitRecords(block, file);
  }
  const last = gate.end();
  if (last !== undefined) yield splitRecords(last, file);
}

interface RecordWithInfo {
  readonly info: { readonly lines: number };
  readonly record: string[];
}

/** csv-parse counts the line at which a record ends; the user looks for the one where it starts. */
function numberRecordsWithQuotes(parsed: readonly RecordWithInfo[], firstLine: number): DelimitedRecord[] {
  let line = firstLine;
  return parsed.map(({ info, record }) => {
    const start = line;
    line = firstLine + info.lines;
    return { line: start, cells: record };
  });
}

const csvReasons: Readonly<Record<string, string>> = {
  CSV_INVALID_CLOSING_QUOTE: 'text after a closing quote; double a quote inside a quoted value',
  INVALID_OPENING_QUOTE: 'a quote inside an unquoted value; quote the whole value and double the quote inside',
  CSV_QUOTE_NOT_CLOSED: 'a quoted value is not closed before the file ends',
};
