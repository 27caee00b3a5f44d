import {
  type ControlTotals,
  FileRefusal,
  findControlBreaks,
  type SourceFile,
  type SourceStream,
  streamOf,
  type TableEnd,
} from '@ballast/formats';
import type { Database, TenantTransaction } from '@ballast/persistence';
import { CountedStream } from './counted-stream';
import type { ImportContext, ImportReport } from './import-report';

/** Who imports, and how large the file is where that is known [bytes]. */
export interface StreamImport extends ImportContext {
  readonly size?: number | undefined;
}

/** Longest single statement of an import [ms]: a million rows with their keys and exclusions take minutes. */
const statementTimeoutMs = 3_600_000;

/** Loads a file of any length in one transaction, telling how much of it has been read. */
export function importStream(
  database: Database,
  command: StreamImport,
  delivery: SourceFile | SourceStream,
  load: (transaction: TenantTransaction, source: CountedStream) => Promise<ImportReport>,
): Promise<ImportReport> {
  const stream = 'bytes' in delivery ? streamOf(delivery) : delivery;
  const total = command.size === undefined ? {} : { total: command.size };
  const source = new CountedStream(stream, (done) => command.onProgress?.({ phase: 'read', done, ...total }));
  return database.withTenant({ firmId: command.firmId }, (transaction) => load(transaction, source), {
    statementTimeoutMs,
  });
}

/**
 * Holds what a file adds up to against what its sender announced and against its own last line.
 *
 * @throws FileRefusal naming every total that does not hold
 */
export function requireStatedTotals(
  file: string,
  found: Parameters<typeof findControlBreaks>[1],
  stated: { readonly announced: ControlTotals | undefined; readonly trailer: TableEnd['control'] },
): void {
  const { announced, trailer } = stated;
  const breaks = [
    ...(announced === undefined ? [] : findControlBreaks(announced, found, { file })),
    ...(trailer === undefined ? [] : findControlBreaks(trailer, found, { file, line: trailer.line })),
  ];
  if (breaks.length > 0) throw new FileRefusal(breaks);
}
