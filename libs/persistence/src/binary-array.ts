/** Element types that travel as an array in the binary format of the protocol. */
export type BinaryElement = 'text' | 'bytea';

/** Type identifiers of Postgres (pg_type.dat); they are part of the protocol and never change. */
const oidOf: Readonly<Record<BinaryElement, number>> = { text: 25, bytea: 17 };

/**
 * Encodes values as a one-dimensional array parameter in the binary format (`array_recv`): dimension count, null flag,
 * element type, length, lower bound 1, then each element with its length, −1 for null. Neither side escapes or parses
 * quotes, which for long JSON texts is most of the work of an array literal.
 *
 * @param element  type of the parameter: `$n::text[]` or `$n::bytea[]`
 * @param values   strings are written as UTF-8, numbers in shortest round-trip form
 */
export function toBinaryArray(
  element: BinaryElement,
  values: readonly (string | number | Uint8Array | null)[],
): Buffer {
  const items = values.map((value) => (value === null || value instanceof Uint8Array ? value : String(value)));
  const sizes = items.map((item) => (item === null ? -1 : Buffer.byteLength(item)));
  const isEmpty = items.length === 0;
  const header = isEmpty ? 12 : 20;
  const buffer = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + 4 + Math.max(0, size), header));
  buffer.writeInt32BE(isEmpty ? 0 : 1, 0);
  buffer.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  buffer.writeInt32BE(oidOf[element], 8);
  if (isEmpty) return buffer;
  buffer.writeInt32BE(items.length, 12);
  buffer.writeInt32BE(1, 16);
  let at = header;
  items.forEach((item, index) => {
    const size = sizes[index] as number;
    at = buffer.writeInt32BE(size, at);
    if (item === null) return;
    if (typeof item === 'string') buffer.write(item, at, 'utf8');
    else buffer.set(item, at);
    at += size;
  });
  return buffer;
}
