import { basename } from 'node:path';
import { Decimal, type Instant } from '@ballast/domain';
import {
  balanceFormat,
  balanceSums,
  problemsKeptMaximum,
  ProblemList,
  type SourceFile,
  type SourceStream,
} from '@ballast/formats';
import { BalanceFileStore, Database, FileDeliveryStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { CountedStream } from './counted-stream';
import { describeSource, type ImportReport, refuseProblems } from './import-report';
import { importStream, requireStatedTotals, type StreamImport } from './import-stream';
import { noteDelivery } from './note-delivery';
import { StatementDates } from './statement-dates';
import { TableReading } from './table-reading';

/** How balances of a file are to be taken. */
export interface BalanceImport extends StreamImport {
  /** When rows without `valueAt` count. */
  readonly valueAt: Instant;
}

/**
 * Records the cash balances of a file of any length, all of them or none. A balance without `valueAt` that equals the one
 * held is not recorded again.
 */
@Injectable()
export class ImportBalances {
  constructor(
    private readonly database: Database,
    private readonly files: BalanceFileStore,
    private readonly deliveries: FileDeliveryStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: BalanceImport, delivery: SourceFile | SourceStream): Promise<ImportReport> {
    return importStream(this.database, command, delivery, (transaction, source) =>
      this.load(transaction, command, source),
    );
  }

  private async load(transaction: TenantTransaction, command: BalanceImport, source: CountedStream) {
    const file = source.name;
    const problems = new ProblemList(file);
    const dates = await StatementDates.open(transaction, 'valueAt');
    const reading = new TableReading(source, { format: balanceFormat, sums: balanceSums }, problems, (row) => {
      const valueAt = row.value.valueAt ?? command.valueAt;
      dates.check(row.line, valueAt, (problem) => problems.add(problem));
      return { ...row.value, line: row.line, valueAt, isDated: row.value.valueAt !== undefined };
    });
    await this.files.stage(transaction, reading.batches());
    const end = reading.end();
    const sha256 = source.sha256();
    command.onProgress?.({ phase: 'check', done: 0 });
    await this.refuseFaults(transaction, problems);
    const sums = await this.files.sum(transaction);
    const amount = [...sums.values()].reduce((sum, each) => sum.plus(each), new Decimal(0));
    const found = { rows: end.rowCount, sums: { amount }, sha256 };
    requireStatedTotals(file, found, { announced: command.control, trailer: end.control });
    command.onProgress?.({ phase: 'store', done: 0, total: end.rowCount });
    const files = [{ name: file, sha256 }];
    const { recordedBy } = command;
    const { changed } = await this.files.record(transaction, {
      reason: `import of ${describeSource(files)}`,
      recordedBy,
    });
    const note = await noteDelivery(this.deliveries, transaction, {
      kind: 'balances',
      fileName: basename(file),
      sha256,
      rowCount: end.rowCount,
      recordedBy,
      changed: changed > 0,
    });
    return {
      kind: 'balances' as const,
      files,
      rows: end.rowCount,
      stored: changed,
      unchanged: end.rowCount - changed,
      totals: Object.fromEntries([...sums].map(([currency, sum]) => [`amount ${currency}`, sum.toFixed()])),
      warnings: [...end.warnings, ...dates.warnings(), ...note],
    };
  }

  /** @throws FileRefusal */
  private async refuseFaults(transaction: TenantTransaction, problems: ProblemList): Promise<void> {
    const { faults, total } = await this.files.findFaults(transaction, problemsKeptMaximum);
    const found = faults.map(({ line, accountCode, currency, firstLine }) => {
      const place = { file: problems.file, line };
      if (firstLine === null) return { ...place, column: 'account', value: accountCode, reason: 'no such account' };
      const value = `${accountCode}, ${currency}`;
      return { ...place, column: 'currency', value, reason: `a duplicate of line ${firstLine}` };
    });
    refuseProblems(problems, { problems: found, count: total });
  }
}
