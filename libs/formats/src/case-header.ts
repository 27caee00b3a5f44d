// The rows of a case file: cells by column name, quickly, for files of millions of rows.
import type { DelimitedRecord } from './delimited-text';
import { CellRefusal, type CellReader } from './cell';
import { describeValue } from '@ballast/domain';
import { type ColumnRule, locateColumns } from './table-header';

/** A row of a case file that cannot be computed; the message goes into the row's `error` cell. */
export class CaseRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CaseRefusal';
  }
}

/** The header of a case file: reads the cells of each row by name. */
export class CaseHeader {
  /** Column names in the order of the file. */
  readonly names: readonly string[];
  private readonly positions: ReadonlyMap<string, number>;

  /** @throws FileRefusal naming every unknown, missing and repeated column */
  constructor(record: DelimitedRecord, rules: readonly ColumnRule[], file: string) {
    this.names = record.cells;
    this.positions = locateColumns(record.cells, rules, { file, line: record.line });
  }

  /** @throws CaseRefusal when the row has too few or too many cells */
  requireWidth(cells: readonly string[]): void {
    if (cells.length !== this.names.length) {
      throw new CaseRefusal(`${cells.length} values where the header has ${this.names.length}`);
    }
  }

  /** The cells of a row cut or filled to the width of the header, for the echo in the output. */
  echo(cells: readonly string[]): string[] {
    return this.names.map((_, index) => cells[index] ?? '');
  }

  text(cells: readonly string[], column: string): string {
    return cells[this.positions.get(column) ?? -1] ?? '';
  }

  /** @throws CaseRefusal when the cell is empty or refused */
  required<Value>(cells: readonly string[], column: string, reader: CellReader<Value>): Value {
    const value = this.optional(cells, column, reader);
    if (value === undefined) throw new CaseRefusal(`${column}: the value is missing`);
    return value;
  }

  /** @throws CaseRefusal when the cell is refused */
  optional<Value>(cells: readonly string[], column: string, reader: CellReader<Value>): Value | undefined {
    const text = this.text(cells, column);
    if (text === '') return undefined;
    try {
      return reader(text);
    } catch (error) {
      if (error instanceof CellRefusal)
        throw new CaseRefusal(`${column}: value ${describeValue(text)}: ${error.message}`);
      throw error;
    }
  }
}
