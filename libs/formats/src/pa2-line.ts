// One line of a positional risk-parameter file, read by columns counted from 1.
import { refuseFile } from './file-refusal';
import { formatContractMonth } from './risk-parameter-file';

/** A record as it stands in the file. */
export class Pa2Line {
  constructor(
    readonly file: string,
    readonly number: number,
    readonly text: string,
  ) {}

  /** Record type: the first two columns without blanks. */
  get type(): string {
    return this.text.slice(0, 2).trimEnd();
  }

  /** Text of columns `from`…`to` without blanks around it; empty beyond the end of the line. */
  cell(from: number, to: number): string {
    return this.text.slice(from - 1, to).trim();
  }

  required(from: number, to: number, what: string): string {
    const text = this.cell(from, to);
    return text === '' ? this.refuse(from, to, `${what} is missing`) : text;
  }

  /** Digits with an implied decimal point; null when blank. @throws FileRefusal when it is no number */
  numberIn(from: number, to: number, decimals: number, what: string): number | null {
    const text = this.cell(from, to);
    if (text === '') return null;
    if (!/^\d+$/.test(text)) this.refuse(from, to, `${what}: expected digits`);
    return Number(text) / 10 ** decimals;
  }

  requiredNumber(from: number, to: number, decimals: number, what: string): number {
    return this.numberIn(from, to, decimals, what) ?? this.refuse(from, to, `${what} is missing`);
  }

  /** Sign column: `-` is negative; `+` and blank are positive. @throws FileRefusal for anything else */
  sign(column: number, what: string): 1 | -1 {
    const text = this.text.charAt(column - 1);
    if (text === '-') return -1;
    if (text === '+' || text === ' ' || text === '') return 1;
    return this.refuse(column, column, `${what}: expected + or -`);
  }

  /** Month CCYYMM with its day or week code; null when blank or all zeros. */
  month(from: number, day: readonly [number, number] | null, what: string): string | null {
    const text = this.cell(from, from + 5);
    if (text === '' || /^0+$/.test(text)) return null;
    const code = day === null ? '' : this.cell(day[0], day[1]);
    return formatContractMonth(text + code) ?? this.refuse(from, from + 5, `${what}: expected a month as CCYYMM`);
  }

  /** @throws FileRefusal when the line is shorter than its record */
  requireLength(length: number): void {
    if (this.text.length < length)
      refuseFile({
        file: this.file,
        line: this.number,
        reason: `record ${this.type} has ${this.text.length} columns and needs ${length}; is the line cut?`,
      });
  }

  refuse(from: number, to: number, reason: string): never {
    const column = from === to ? `${from}` : `${from}–${to}`;
    const value = this.text.slice(from - 1, to);
    return refuseFile({ file: this.file, line: this.number, column, ...(value === '' ? {} : { value }), reason });
  }
}

const lineLengthMaximum = 4096;
const lineFeed = 10;

/**
 * Cuts bytes into lines: one byte is one column. LF and CRLF end a line; blank lines and a final Ctrl-Z are left out.
 * Holds one chunk and one line.
 *
 * @throws FileRefusal for an empty file, an archive, UTF-16, NUL bytes and lines that no positional record has
 */
export async function* pa2Lines(source: {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly onBytes?: (bytesDone: number) => void;
}): AsyncGenerator<Pa2Line> {
  const { name } = source;
  const decoder = new TextDecoder('latin1');
  let carry = '';
  let number = 0;
  let bytesDone = 0;
  for await (const chunk of source.bytes) {
    if (bytesDone === 0) refuseForeignStart(name, chunk);
    bytesDone += chunk.length;
    const nul = chunk.indexOf(0);
    if (nul >= 0) {
      const line = number + 1 + chunk.subarray(0, nul).reduce((count, byte) => count + (byte === lineFeed ? 1 : 0), 0);
      refuseFile({ file: name, line, reason: 'NUL byte: not a text file' });
    }
    const lines = (carry + decoder.decode(chunk)).split('\n');
    carry = lines.pop() ?? '';
    for (const text of lines) {
      number += 1;
      const line = lineOf(name, number, text);
      if (line !== null) yield line;
    }
    if (carry.length > lineLengthMaximum) lineOf(name, number + 1, carry);
    source.onBytes?.(bytesDone);
  }
  if (bytesDone === 0) refuseFile({ file: name, reason: 'the file is empty' });
  const last = lineOf(name, number + 1, carry);
  if (last !== null) yield last;
}

function lineOf(file: string, number: number, raw: string): Pa2Line | null {
  const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
  if (text.length > lineLengthMaximum)
    refuseFile({ file, line: number, reason: 'a line of more than 4 096 columns: not a positional file' });
  if (text.includes('\r')) refuseFile({ file, line: number, reason: 'a line end of CR only' });
  return text.trim() === '' || text === '\x1a' ? null : new Pa2Line(file, number, text);
}

function refuseForeignStart(file: string, [first, second]: Uint8Array): void {
  const starts = (one: number, two: number) => first === one && second === two;
  if (starts(0x1f, 0x8b)) refuseFile({ file, line: 1, reason: 'a gzip archive; unpack it' });
  if (starts(0x50, 0x4b)) refuseFile({ file, line: 1, reason: 'a zip archive; unpack it' });
  if (starts(0xff, 0xfe) || starts(0xfe, 0xff))
    refuseFile({ file, line: 1, reason: 'UTF-16 text, not a positional file' });
}
