import { Decimal, type Instant } from '@ballast/domain';
import { readBalanceFile, type SourceFile } from '@ballast/formats';
import { AccountStore, BalanceStore, Database } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  describeSource,
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireExpectedRows,
} from './import-report';

/** How balances of a file are to be taken. */
export interface BalanceImport extends ImportContext {
  /** When rows without `valueAt` count. */
  readonly valueAt: Instant;
}

/**
 * Records the cash balances of a file, all of them or none. A balance without `valueAt` that equals the one held is not
 * recorded again.
 */
@Injectable()
export class ImportBalances {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
    private readonly balances: BalanceStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(command: BalanceImport, source: SourceFile): Promise<ImportReport> {
    const { file, rows, warnings } = readBalanceFile(source);
    requireExpectedRows(command, { file, rows: rows.length });
    const files = hashFiles([source]);
    const stored = await this.database.withTenant({ firmId: command.firmId }, async (transaction) => {
      const codes = [...new Set(rows.map(({ value }) => value.accountCode))];
      const accounts = await this.accounts.findByCodes(transaction, codes);
      const problems = new ImportProblems();
      for (const { line, value } of rows) {
        if (accounts.has(value.accountCode)) continue;
        problems.add({ file, line, column: 'account', value: value.accountCode, reason: 'no such account' });
      }
      problems.refuseIfAny();
      const ids = [...accounts.values()].map(({ id }) => id);
      const held = await this.balances.findAsOf(transaction, ids, { validAt: command.valueAt });
      let changes = 0;
      for (const { value } of rows) {
        const accountId = accounts.get(value.accountCode)?.id ?? '';
        const current = held.get(accountId)?.find(({ currency }) => currency === value.currency);
        if (value.valueAt === undefined && current?.amount.equals(value.amount)) continue;
        const { changed } = await this.balances.record(transaction, {
          accountId,
          currency: value.currency,
          amount: value.amount,
          valueAt: value.valueAt ?? command.valueAt,
          reason: `import of ${describeSource(files)}`,
          recordedBy: command.recordedBy,
        });
        if (changed) changes += 1;
      }
      return changes;
    });
    const totals = new Map<string, Decimal>();
    for (const { value } of rows) {
      totals.set(value.currency, (totals.get(value.currency) ?? new Decimal(0)).plus(value.amount));
    }
    return {
      kind: 'balances',
      files,
      rows: rows.length,
      stored,
      unchanged: rows.length - stored,
      totals: Object.fromEntries([...totals].sort().map(([currency, sum]) => [`amount ${currency}`, sum.toFixed()])),
      warnings,
    };
  }
}
