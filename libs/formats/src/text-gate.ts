// Bytes of a file to text in whole records: UTF-8 only, one kind of line end, no NUL.
import { refuseFile } from './file-refusal';

/** A piece of a file that ends at the end of a record. */
export interface TextBlock {
  readonly text: string;
  /** Line in which the block starts, counted from 1. */
  readonly firstLine: number;
  /** Whether a quote occurs, so that records may span lines. */
  readonly hasQuotes: boolean;
}

type LineEnd = 'LF' | 'CRLF';

const recordLengthMaximum = 1_048_576;
const lineFeed = 10;
const carriageReturn = 13;
const quote = 34;

/**
 * Turns the bytes of a file into text blocks that end at a record's end, and refuses what is not plain UTF-8 text:
 * UTF-16, UTF-32, archives, NUL bytes, bytes that are no UTF-8 (Latin-1), line ends of CR only, mixed line ends,
 * a record longer than 1 MiB. A UTF-8 byte order mark is dropped. Line ends inside quotes are part of the value.
 *
 * Feed chunks in order with `push`, then call `end` once.
 */
export class TextGate {
  /** False when the last line had no line end: a sign, not a proof, that the file was cut. */
  endsWithLineEnd = true;

  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  private carry = '';
  private carryLine = 1;
  private line = 1;
  private insideQuotes = false;
  private lineEnd: LineEnd | undefined;
  private byteCount = 0;

  constructor(private readonly file: string) {}

  /** @throws FileRefusal */
  push(chunk: Uint8Array): TextBlock | undefined {
    if (this.byteCount === 0) this.refuseForeignStart(chunk);
    this.byteCount += chunk.length;
    const nul = chunk.indexOf(0);
    if (nul >= 0) {
      refuseFile({
        file: this.file,
        line: this.line + linesIn(chunk.subarray(0, nul)),
        reason: 'NUL byte: not a text file',
      });
    }
    return this.scan(this.decode(chunk, true));
  }

  /** Returns the last records, those after the last line end. @throws FileRefusal for an empty or cut file */
  end(): TextBlock | undefined {
    if (this.byteCount === 0) refuseFile({ file: this.file, reason: 'the file is empty' });
    const rest = this.carry + this.decode(new Uint8Array(0), false);
    if (this.insideQuotes) {
      refuseFile({
        file: this.file,
        line: this.carryLine,
        reason: 'a quoted value is not closed before the file ends',
      });
    }
    if (rest === '') return undefined;
    if (rest.endsWith('\r')) this.refuseCarriageReturn();
    this.endsWithLineEnd = false;
    return { text: rest, firstLine: this.carryLine, hasQuotes: rest.includes('"') };
  }

  private decode(chunk: Uint8Array, stream: boolean): string {
    try {
      return this.decoder.decode(chunk, { stream });
    } catch {
      const line = this.line + linesIn(chunk.subarray(0, firstBadByte(chunk)));
      return refuseFile({ file: this.file, line, reason: 'bytes that are not UTF-8; save the file as UTF-8' });
    }
  }

  private scan(text: string): TextBlock | undefined {
    const start = this.carry.length > 0 && this.carry.endsWith('\r') ? this.carry.length - 1 : this.carry.length;
    const whole = this.carry + text;
    let recordEnd = 0;
    let recordEndLine = this.carryLine;
    for (let index = start; index < whole.length; index += 1) {
      const code = whole.charCodeAt(index);
      if (code > quote) continue;
      if (code === quote) {
        this.insideQuotes = !this.insideQuotes;
      } else if (code === lineFeed) {
        this.line += 1;
        if (this.insideQuotes) continue;
        this.noteLineEnd(index > 0 && whole.charCodeAt(index - 1) === carriageReturn ? 'CRLF' : 'LF');
        recordEnd = index + 1;
        recordEndLine = this.line;
      } else if (code === carriageReturn && !this.insideQuotes && index + 1 < whole.length) {
        if (whole.charCodeAt(index + 1) !== lineFeed) this.refuseCarriageReturn();
      }
    }
    this.carry = whole.slice(recordEnd);
    if (this.carry.length > recordLengthMaximum) {
      refuseFile({ file: this.file, line: recordEndLine, reason: 'a record longer than 1 MiB: not a table' });
    }
    const firstLine = this.carryLine;
    this.carryLine = recordEndLine;
    if (recordEnd === 0) return undefined;
    const records = whole.slice(0, recordEnd);
    return { text: records, firstLine, hasQuotes: records.includes('"') };
  }

  private noteLineEnd(lineEnd: LineEnd): void {
    if (this.lineEnd !== undefined && this.lineEnd !== lineEnd) {
      const reason = `mixed line ends: ${this.lineEnd} before, ${lineEnd} here; the file was joined from two sources`;
      refuseFile({ file: this.file, line: this.line - 1, reason });
    }
    this.lineEnd = lineEnd;
  }

  private refuseCarriageReturn(): never {
    const reason = 'a line end of CR only; save the file with LF or CRLF line ends';
    return refuseFile({ file: this.file, line: this.line, reason });
  }

  private refuseForeignStart(chunk: Uint8Array): void {
    for (const { bytes, reason } of foreignStarts) {
      if (bytes.every((byte, index) => chunk[index] === byte)) refuseFile({ file: this.file, line: 1, reason });
    }
  }
}

/** Decodes a whole file. @throws FileRefusal as TextGate does */
export function decodeText(bytes: Uint8Array, file: string): { readonly text: string; readonly gate: TextGate } {
  const gate = new TextGate(file);
  const head = gate.push(bytes);
  const tail = gate.end();
  return { text: (head?.text ?? '') + (tail?.text ?? ''), gate };
}

const foreignStarts: readonly { readonly bytes: readonly number[]; readonly reason: string }[] = [
  { bytes: [0xff, 0xfe], reason: 'UTF-16 text; save the file as UTF-8' },
  { bytes: [0xfe, 0xff], reason: 'UTF-16 text; save the file as UTF-8' },
  { bytes: [0x1f, 0x8b], reason: 'a gzip archive; unpack it first' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], reason: 'a zip archive or a spreadsheet workbook; export it as CSV' },
  { bytes: [0x25, 0x50, 0x44, 0x46], reason: 'a PDF document, not a table' },
];

function linesIn(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === lineFeed) count += 1;
  return count;
}

/** Index of the byte that broke the decoding, found by halving. */
function firstBadByte(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}
