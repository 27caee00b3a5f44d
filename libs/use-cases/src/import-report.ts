import { createHash } from 'node:crypto';
import { type FileProblem, FileRefusal, ProblemList, type SourceFile } from '@ballast/formats';

/** Who imports into which firm, and when. */
export interface ImportContext {
  readonly firmId: string;
  /** Subject of the token, or user of the command line; written into what is recorded. */
  readonly recordedBy: string;
  /** Refuses the import unless it holds exactly this many rows of data. */
  readonly expectedRows?: number;
}

/** What an import did: control totals to hold against those of the sender. */
export interface ImportReport {
  readonly kind: 'accounts' | 'instruments' | 'positions' | 'balances' | 'market' | 'parameters';
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** Rows of data in the files; rows = stored + unchanged, a file with a bad row is refused as a whole. */
  readonly rows: number;
  /** Rows that are new or changed something. */
  readonly stored: number;
  /** Rows that were known already: importing a file twice stores nothing the second time. */
  readonly unchanged: number;
  /** Sums by name, for example `long contracts` or `amount USD`. */
  readonly totals: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** SHA-256 of each file, by which a delivery is identified. */
export function hashFiles(sources: readonly SourceFile[]): ImportReport['files'] {
  return sources.map(({ name, bytes }) => ({ name, sha256: createHash('sha256').update(bytes).digest('hex') }));
}

/** Where a record came from: file name and the start of its hash. */
export function describeSource(files: ImportReport['files']): string {
  return files.map(({ name, sha256 }) => `${name} (sha256 ${sha256.slice(0, 12)})`).join(', ');
}

/** @throws FileRefusal when the control total of rows does not hold */
export function requireExpectedRows(
  context: ImportContext,
  content: { readonly file: string; readonly rows: number },
): void {
  const { expectedRows } = context;
  if (expectedRows === undefined || expectedRows === content.rows) return;
  const reason = `control total: ${expectedRows} rows announced, ${content.rows} found; nothing is stored`;
  throw new FileRefusal([{ file: content.file, reason }]);
}

/** Problems of several files, thrown together. */
export class ImportProblems {
  private readonly lists = new Map<string, ProblemList>();

  add(problem: FileProblem): void {
    const { file, ...rest } = problem;
    const list = this.lists.get(file) ?? new ProblemList(file);
    this.lists.set(file, list);
    list.add(rest);
  }

  /** @throws FileRefusal */
  refuseIfAny(): void {
    const lists = [...this.lists.values()];
    const count = lists.reduce((sum, list) => sum + list.count, 0);
    if (count > 0)
      throw new FileRefusal(
        lists.flatMap((list) => list.problems),
        count,
      );
  }
}
