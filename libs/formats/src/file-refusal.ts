// Why a file was refused: every problem with the place where it stands.
import { describeValue } from '@ballast/domain';

/** One thing wrong with a file. Line numbers count from 1 and include the header. */
export interface FileProblem {
  /** Name of the file as the user gave it; `stdin` for standard input. */
  readonly file: string;
  /** Line in which the bad record starts. */
  readonly line?: number;
  /** Name of the column, or the member path of a JSON file. */
  readonly column?: string;
  /** The refused text as it stands in the file. */
  readonly value?: string;
  readonly reason: string;
}

/** How many problems a refusal keeps; the rest is only counted. */
export const problemsKeptMaximum = 1_000;
/** Longest part of a refused value that is kept: a cell may be a megabyte long [characters]. */
const valueKeptMaximum = 1_000;
/** How many problems the message of a refusal shows. */
export const problemsShownMaximum = 100;

/** A refused file: nothing of it may be stored. `problems` holds the first thousand, `problemCount` counts all. */
export class FileRefusal extends Error {
  readonly problems: readonly FileProblem[];
  readonly problemCount: number;

  constructor(problems: readonly FileProblem[], problemCount: number = problems.length) {
    super(describeProblems(problems, problemCount));
    this.name = 'FileRefusal';
    this.problems = problems.slice(0, problemsKeptMaximum);
    this.problemCount = problemCount;
  }
}

/** Collects the problems of one file and throws them together, so that the user mends the file once. */
export class ProblemList {
  readonly problems: FileProblem[] = [];
  count = 0;

  constructor(readonly file: string) {}

  add(problem: Omit<FileProblem, 'file'>): void {
    this.count += 1;
    if (this.problems.length >= problemsKeptMaximum) return;
    const { value, ...rest } = problem;
    const kept =
      value === undefined || value.length <= valueKeptMaximum ? value : `${value.slice(0, valueKeptMaximum)}…`;
    this.problems.push({ file: this.file, ...rest, ...(kept === undefined ? {} : { value: kept }) });
  }

  /** @throws FileRefusal when a problem was added */
  refuseIfAny(): void {
    if (this.count > 0) throw new FileRefusal(this.problems, this.count);
  }
}

/** Refuses a file for one reason. */
export function refuseFile(problem: FileProblem): never {
  throw new FileRefusal([problem]);
}

/**
 * Writes a problem as one line.
 *
 * @example
 * describeProblem({ file: 'p.csv', line: 3, column: 'quantity', value: '1,5', reason: 'decimal comma' })
 * // 'p.csv:3: column quantity: value "1,5": decimal comma'
 */
export function describeProblem(problem: FileProblem): string {
  const place = problem.line === undefined ? problem.file : `${problem.file}:${problem.line}`;
  const column = problem.column === undefined ? '' : ` column ${problem.column}:`;
  const value = problem.value === undefined ? '' : ` value ${describeValue(problem.value)}:`;
  return `${place}:${column}${value} ${problem.reason}`;
}

function describeProblems(problems: readonly FileProblem[], count: number): string {
  const lines = problems.slice(0, problemsShownMaximum).map(describeProblem);
  if (count > lines.length) lines.push(`… and ${count - lines.length} more (${count} in all)`);
  return lines.join('\n');
}
