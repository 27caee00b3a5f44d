// The columns of a table, found by name.
import type { FileProblem } from './file-refusal';
import { FileRefusal } from './file-refusal';

/** What a format says about one of its columns. */
export interface ColumnRule {
  readonly name: string;
  /** The column may be absent from the header. */
  readonly optional?: true;
  /** The JSON form of the value is a number; without this it is a string, because amounts in JSON numbers arrive rounded. */
  readonly number?: true;
}

/** Position of each column in the records of a file. */
export type ColumnPositions = ReadonlyMap<string, number>;

/**
 * Finds the columns of a format in a header, in any order.
 *
 * @throws FileRefusal naming every unknown, missing and repeated column
 */
export function locateColumns(
  header: readonly string[],
  rules: readonly ColumnRule[],
  place: { readonly file: string; readonly line: number },
): ColumnPositions {
  const problems: FileProblem[] = [];
  const positions = new Map<string, number>();
  const known = rules.map((rule) => rule.name);
  header.forEach((name, index) => {
    if (positions.has(name)) problems.push({ ...place, column: name, reason: 'the column appears twice' });
    else if (!known.includes(name)) problems.push({ ...place, column: name, reason: unknownColumn(name, known) });
    else positions.set(name, index);
  });
  for (const rule of rules) {
    if (!positions.has(rule.name) && rule.optional !== true) {
      problems.push({ ...place, column: rule.name, reason: `the column is missing; expected ${known.join(',')}` });
    }
  }
  if (problems.length > 0) throw new FileRefusal(problems);
  return positions;
}

function unknownColumn(name: string, known: readonly string[]): string {
  const alike = known.find((candidate) => simplified(candidate) === simplified(name));
  return alike === undefined
    ? `unknown column; this format has ${known.join(',')}`
    : `unknown column; did you mean "${alike}"?`;
}

function simplified(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
