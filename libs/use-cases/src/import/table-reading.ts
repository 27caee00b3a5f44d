import type { ProblemList, SourceStream, TableEnd, TableFormat, TableRow } from '@ballast/formats';
import { streamTable } from '@ballast/formats';

/** Reads a table batch by batch, turning rows on their way, and keeps what the end of the file says. */
export class TableReading<Value, Staged> {
  private ended: TableEnd | undefined;

  constructor(
    private readonly source: SourceStream,
    private readonly table: { readonly format: TableFormat<Value>; readonly sums: readonly string[] },
    private readonly problems: ProblemList,
    private readonly toStaged: (row: TableRow<Value>) => Staged,
  ) {}

  /** The good rows; what makes the file unreadable is thrown. */
  async *batches(): AsyncGenerator<readonly Staged[]> {
    const rows = streamTable(this.source, this.table.format, this.problems, this.table.sums);
    let isOver = false;
    try {
      for (;;) {
        const next = await rows.next();
        if (next.done === true) {
          isOver = true;
          this.ended = next.value;
          return;
        }
        yield next.value.rows.map(this.toStaged);
      }
    } finally {
      if (!isOver) await rows.return({ rowCount: 0, warnings: [] });
    }
  }

  /** What is known after the last batch. */
  end(): TableEnd {
    if (this.ended === undefined) throw new Error('the file was not read to its end');
    return this.ended;
  }
}
