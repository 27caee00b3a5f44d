import { readAccountFile, type SourceFile } from '@ballast/formats';
import { AccountStore, Database } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import {
  hashFiles,
  type ImportContext,
  ImportProblems,
  type ImportReport,
  requireControlTotals,
} from './import-report';

/** Adds the accounts of a file to a firm and takes over changed names and methodologies. */
@Injectable()
export class ImportAccounts {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountStore,
  ) {}

  /** @throws FileRefusal naming every bad row; nothing is stored then */
  async execute(context: ImportContext, source: SourceFile): Promise<ImportReport> {
    const { file, rows, warnings } = readAccountFile(source);
    const files = hashFiles([source]);
    requireControlTotals(context, { file, rows: rows.length }, files);
    const records = rows.map(({ value }) => value);
    const outcome = await this.database.withTenant({ firmId: context.firmId }, async (transaction) => {
      const known = await this.accounts.findByCodes(
        transaction,
        records.map(({ code }) => code),
      );
      const problems = new ImportProblems();
      for (const { line, value } of rows) {
        const currency = known.get(value.code)?.baseCurrency ?? value.baseCurrency;
        if (currency === value.baseCurrency) continue;
        const reason = `account ${value.code} is kept in ${currency}; the base currency of an account cannot change`;
        problems.add({ file, line, column: 'baseCurrency', value: value.baseCurrency, reason });
      }
      problems.refuseIfAny();
      return this.accounts.upsertMany(transaction, records);
    });
    return {
      kind: 'accounts',
      files,
      rows: rows.length,
      stored: outcome.inserted + outcome.updated,
      unchanged: outcome.unchanged,
      totals: { new: String(outcome.inserted), changed: String(outcome.updated) },
      warnings,
    };
  }
}
