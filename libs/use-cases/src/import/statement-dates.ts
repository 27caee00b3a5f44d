import { findStatementDate, type Instant, instantOf } from '@ballast/domain';
import type { FileProblem } from '@ballast/formats';
import type { TenantTransaction } from '@ballast/persistence';

/** Judges the dates of a file against the database's clock, and gathers what is to be remarked. */
export class StatementDates {
  private remarked = 0;
  private example: { readonly line: number; readonly reason: string } | undefined;

  private constructor(
    private readonly now: Instant,
    private readonly column: string,
  ) {}

  /** @param column  where the file states dates: `validFrom` or `valueAt` */
  static async open(tx: TenantTransaction, column: string): Promise<StatementDates> {
    const [row] = await tx.rows<{ now: Date }>('SELECT current_instant() AS now');
    return new StatementDates(instantOf((row as { now: Date }).now.getTime()), column);
  }

  /** @param add  takes the problem of a row whose date is not taken */
  check(line: number, validFrom: Instant, add: (problem: Omit<FileProblem, 'file'>) => void): void {
    const found = findStatementDate(validFrom, this.now);
    if (found === null) return;
    if (found.verdict === 'REFUSED') {
      add({ line, column: this.column, value: new Date(validFrom).toISOString(), reason: found.reason });
      return;
    }
    this.remarked += 1;
    this.example ??= { line, reason: found.reason };
  }

  warnings(): string[] {
    if (this.example === undefined) return [];
    const { line, reason } = this.example;
    const others = this.remarked === 1 ? '' : `, and so do ${this.remarked - 1} more rows in their way`;
    return [`line ${line}: ${this.column} ${reason}${others}`];
  }
}
