// A file of a market stream: lines of a stream, or a table of quotes, underlyings, forwards or exchange rates.
import type { Instant } from '@ballast/domain';
import { refuseFile } from './file-refusal';
import { readForwardFile, readFxFile, readQuoteFile, readUnderlyingFile } from './market-file';
import { detectMarketFormat } from './market-format';
import { readMarketStream, type StreamLine, type StreamStatement } from './market-stream-line';
import { type SourceFile, type TableContent } from './table';
import { streamOf } from './table-stream';

const brace = '{'.charCodeAt(0);

/**
 * Reads a whole file that came as part of a stream. Of NDJSON the bad lines are told and the others are taken; a table is
 * taken whole or not at all, as when it is imported alone.
 *
 * @throws FileRefusal naming every bad row of a table, or for a chain, which is imported and not followed
 */
export async function readMarketStreamFile(source: SourceFile): Promise<Awaited<ReturnType<typeof collectLines>>> {
  const start = source.bytes.find((byte) => byte > 32 && byte < 0x80);
  if (start === brace) return collectLines(source);
  const format = detectMarketFormat(source);
  const { name: file } = source;
  switch (format) {
    case 'quotes':
      return linesOf(readQuoteFile(source), (value) => [{ kind: 'quote', value }, value.quotedAt]);
    case 'underlyings':
      return linesOf(readUnderlyingFile(source), (value) => [{ kind: 'underlying', value }, value.quotedAt ?? null]);
    case 'forwards':
      return linesOf(readForwardFile(source), (value) => [{ kind: 'forward', value }, null]);
    case 'fx':
      return linesOf(readFxFile(source), (value) => [{ kind: 'fx', value }, null]);
    default:
      return refuseFile({ file, reason: `a ${format} chain is imported, not followed` });
  }
}

async function collectLines(source: SourceFile) {
  const lines = [];
  for await (const batch of readMarketStream(streamOf(source))) lines.push(...batch);
  return lines;
}

function linesOf<Value>(
  { file, rows }: TableContent<Value>,
  stated: (value: Value) => readonly [StreamStatement, Instant | null],
): StreamLine[] {
  return rows.map(({ line, value }) => {
    const [statement, at] = stated(value);
    return { file, line, sequence: null, at, statement };
  });
}
