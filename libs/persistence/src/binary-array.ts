/**
 * Elements of an array that travels in the binary format of the protocol: texts, bytes, bytes that come as hexadecimal
 * digits, and identifiers.
 */
export type BinaryElement = 'text' | 'bytea' | 'hexadecimal' | 'uuid';

/** Type identifiers of Postgres (pg_type.dat); they are part of the protocol and never change. */
const oidOf: Readonly<Record<BinaryElement, number>> = { text: 25, bytea: 17, hexadecimal: 17, uuid: 2950 };

/** Longest text that is written letter by letter: a call for each of many short texts costs more than its letters. */
const shortText = 96;

/**
 * Encodes values as a one-dimensional array parameter in the binary format (`array_recv`): dimension count, null flag,
 * element type, length, lower bound 1, then each element with its length, −1 for null. Neither side escapes or parses
 * quotes, which for long JSON texts is most of the work of an array literal.
 *
 * @param element  type of the parameter: `$n::text[]`, `$n::bytea[]` (also of hexadecimal digits) or `$n::uuid[]`
 * @param values   strings are written as UTF-8, numbers in shortest round-trip form
 * @throws RangeError for digits that are none
 */
export function toBinaryArray(
  element: BinaryElement,
  values: readonly (string | number | Uint8Array | null)[],
): Buffer {
  if (values.length === 0) return writeHeader(Buffer.allocUnsafe(12), element, { count: 0, hasNull: false });
  const buffer = Buffer.allocUnsafe(values.reduce<number>((sum, value) => sum + 4 + roomFor(value), 20));
  let at = 20;
  let hasNull = false;
  for (const value of values) {
    const end = value === null ? at + 4 : writeElement(buffer, element, { value, at: at + 4 });
    hasNull ||= value === null;
    buffer.writeInt32BE(value === null ? -1 : end - at - 4, at);
    at = end;
  }
  writeHeader(buffer, element, { count: values.length, hasNull });
  return buffer.subarray(0, at);
}

function writeHeader(
  buffer: Buffer,
  element: BinaryElement,
  { count, hasNull }: { readonly count: number; readonly hasNull: boolean },
): Buffer {
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(oidOf[element], 8);
  if (count === 0) return buffer;
  buffer.writeInt32BE(count, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}

/** Bytes that a value takes at most. */
function roomFor(value: string | number | Uint8Array | null): number {
  if (value === null) return 0;
  if (typeof value === 'number') return shortText;
  if (typeof value !== 'string') return value.length;
  return value.length <= shortText ? 3 * value.length : Buffer.byteLength(value);
}

/** @returns where it ends */
function writeElement(
  buffer: Buffer,
  element: BinaryElement,
  { value, at }: { readonly value: string | number | Uint8Array; readonly at: number },
): number {
  if (typeof value === 'object') {
    buffer.set(value, at);
    return at + value.length;
  }
  const text = String(value);
  if (element === 'hexadecimal' || element === 'uuid') return writeDigits(buffer, text, at);
  if (text.length > shortText) return at + buffer.write(text, at, 'utf8');
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 127) return at + buffer.write(text, at, 'utf8');
    buffer[at + index] = code;
  }
  return at + text.length;
}

/** Writes a byte for two hexadecimal digits; the hyphens of an identifier stand between bytes. */
function writeDigits(buffer: Buffer, text: string, start: number): number {
  let at = start;
  for (let index = 0; index < text.length; index += 2) {
    if (text.charCodeAt(index) === hyphen) index += 1;
    const byte = (digitOf(text.charCodeAt(index)) << 4) | digitOf(text.charCodeAt(index + 1));
    if (byte < 0) throw new RangeError(`expected hexadecimal digits, got ${text}`);
    buffer[at++] = byte;
  }
  return at;
}

const hyphen = 45;

/** Value of a digit 0–9, a–f or A–F; −1 of anything else. */
function digitOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
