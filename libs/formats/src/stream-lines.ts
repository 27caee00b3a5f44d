// Bytes of a stream without an end to lines: one that cannot be read is told and the next one goes on.
/** A line of a stream, or why it is none. */
export type RawLine =
  { readonly line: number; readonly text: string } | { readonly line: number; readonly fault: string };

/** Longest line [bytes]. */
const lineMaximum = 65_536;
const lineFeed = 10;

/**
 * Cuts a stream into lines. Unlike a file, a stream goes on after a line that is no UTF-8, holds a NUL or is longer than
 * 64 KiB: that line alone is told as a fault. Empty lines are passed over; a byte order mark and CR before LF are dropped.
 *
 * @returns the lines of each chunk together, so that a reader waits once per chunk
 */
export async function* splitStreamLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly RawLine[], void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  let carry: Uint8Array[] = [];
  let carried = 0;
  const finish = (tail: Uint8Array): RawLine | undefined => {
    line += 1;
    const length = carried + tail.length;
    const parts = [...carry, tail];
    carry = [];
    carried = 0;
    if (length > lineMaximum) return { line, fault: `longer than ${lineMaximum} bytes` };
    return readLine(line, parts.length === 1 ? tail : joined(parts, length), (bytes) => decoder.decode(bytes));
  };
  for await (const chunk of chunks) {
    const lines: RawLine[] = [];
    let from = 0;
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      const found = finish(chunk.subarray(from, end));
      if (found !== undefined) lines.push(found);
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    carried += rest.length;
    // What is too long already is only counted.
    if (carried <= lineMaximum && rest.length > 0) carry.push(rest);
    if (lines.length > 0) yield lines;
  }
  const last = carried === 0 ? undefined : finish(new Uint8Array(0));
  if (last !== undefined) yield [last];
}

function readLine(line: number, bytes: Uint8Array, decode: (bytes: Uint8Array) => string): RawLine | undefined {
  if (bytes.includes(0)) return { line, fault: 'a NUL byte' };
  try {
    const text = decode(bytes).trim();
    return text === '' ? undefined : { line, text };
  } catch {
    return { line, fault: 'not UTF-8' };
  }
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
