import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Decimal from 'decimal.js';

const folder = path.resolve(__dirname, '../../../shared/golden');

/** One row of a golden table: texts by column name. */
export type GoldenRow = Readonly<Record<string, string>>;

/** `describe` where the shared golden tables are present, a visible skip elsewhere. */
export function describeGolden(title: string, body: () => void): void {
  if (existsSync(folder)) describe(title, body);
  else describe.skip(`${title} (skipped: shared data not present)`, body);
}

/** Reads a golden table in place; the tables hold no quoted commas. */
export function readGoldenTable(file: string): readonly GoldenRow[] {
  if (!existsSync(folder)) return [];
  const [header, ...lines] = readFileSync(path.join(folder, file), 'utf8').trim().split(/\r?\n/);
  const names = header!.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

/** The distance of a double from a reference value printed with more digits than a double holds. */
export function errorAgainst(got: number, reference: string): number {
  return new Decimal(got).minus(reference).abs().toNumber();
}

/** The worst error of each quantity as a multiple of its bar, with the row it came from. */
export class WorstMultiples {
  private readonly worst = new Map<string, { multiple: number; where: string }>();

  /** Notes one error; NaN counts as the worst. */
  note(quantity: string, multiple: number, where: string): void {
    const known = this.worst.get(quantity);
    const value = Number.isNaN(multiple) ? Infinity : multiple;
    if (known === undefined || value > known.multiple) this.worst.set(quantity, { multiple: value, where });
  }

  /** Asserts that every quantity was seen and none exceeds its bar. */
  expectWithin(quantities: readonly string[]): void {
    expect([...this.worst.keys()].sort()).toEqual([...quantities].sort());
    const beyond = [...this.worst].filter(([, { multiple }]) => multiple > 1);
    expect(beyond.map(([quantity, { multiple, where }]) => `${quantity}: ${multiple} bars at ${where}`)).toEqual([]);
  }

  /** The figures, for a report. */
  figures(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.worst].map(([quantity, { multiple }]) => [quantity, multiple]));
  }
}
