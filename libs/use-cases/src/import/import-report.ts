import { createHash } from 'node:crypto';
import {
  type ControlTotals,
  type FileProblem,
  FileRefusal,
  findControlBreaks,
  problemsKeptMaximum,
  ProblemList,
  type SourceFile,
} from '@ballast/formats';

/** Who imports into which firm, and when. */
export interface ImportContext {
  readonly firmId: string;
  /** Subject of the token, or user of the command line; written into what is recorded. */
  readonly recordedBy: string;
  /** Totals announced by the sender; a file that adds up to something else is refused. */
  readonly control?: ControlTotals;
  /** Told how far a long import is. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** How far an import is. */
export interface ImportProgress {
  /** `read`: bytes of the file; `check`: nothing is counted; `store`: rows recorded. */
  readonly phase: 'read' | 'check' | 'store';
  readonly done: number;
  /** Undefined while the size is not known. */
  readonly total?: number;
}

/** What an import did: control totals to hold against those of the sender. */
export interface ImportReport {
  readonly kind:
    | 'accounts'
    | 'instruments'
    | 'positions'
    | 'balances'
    | 'market'
    | 'parameters'
    | 'collateral'
    | 'haircuts'
    | 'prices';
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

/** @throws FileRefusal when an announced total does not hold; sums are announced for positions and balances only */
export function requireControlTotals(
  context: ImportContext,
  content: { readonly file: string; readonly rows: number },
  files: ImportReport['files'],
): void {
  if (context.control === undefined) return;
  const { file, rows } = content;
  const { sums, ...control } = context.control;
  const [sum] = Object.keys(sums);
  if (sum !== undefined)
    throw new FileRefusal([{ file, column: sum, reason: 'control total: this kind of file has no such sum' }]);
  const sha256 = files.find(({ name }) => name === file)?.sha256 ?? '';
  const breaks = findControlBreaks({ ...control, sums: {} }, { rows, sums: {}, sha256 }, { file });
  if (breaks.length > 0) throw new FileRefusal(breaks);
}

/** Throws the problems of reading a file together with those of its contents, in order of the line. */
export function refuseProblems(
  read: ProblemList,
  found: { readonly problems: readonly FileProblem[]; readonly count: number },
): void {
  const count = read.count + found.count;
  if (count === 0) return;
  const all = [...read.problems, ...found.problems].sort((left, right) => (left.line ?? 0) - (right.line ?? 0));
  throw new FileRefusal(all.slice(0, problemsKeptMaximum), count);
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
