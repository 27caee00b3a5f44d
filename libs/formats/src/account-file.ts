// Accounts: `code,name,baseCurrency,methodology`.
import { type Account, methodologies } from '@ballast/domain';
import { choiceCell, currencyCell, identifierCell, nameCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** An account as a file states it; the service gives it its id. */
export type AccountRecord = Omit<Account, 'id'>;

export const accountFormat: TableFormat<AccountRecord> = {
  columns: [{ name: 'code' }, { name: 'name' }, { name: 'baseCurrency' }, { name: 'methodology' }],
  toRecord: (cells) => ({
    code: cells.required('code', identifierCell),
    name: cells.required('name', nameCell),
    baseCurrency: cells.required('baseCurrency', currencyCell),
    methodology: cells.required('methodology', choiceCell(methodologies)),
  }),
  // Codes that differ only in case are one code to a person, so they may not name two accounts.
  unique: { column: 'code', key: (account) => account.code.toUpperCase() },
};

/** Reads an accounts file (CSV or JSON). @throws FileRefusal */
export function readAccountFile(source: SourceFile): TableContent<AccountRecord> {
  return readTable(source, accountFormat);
}
