// Cash balances: `account,currency,amount[,valueAt]`.
import type { CashBalance, Instant } from '@ballast/domain';
import { currencyCell, decimalCell, identifierCell, instantCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** The cash of one account in one currency; negative means owed. */
export interface BalanceRecord extends CashBalance {
  readonly accountCode: string;
  /** When the balance counts; the import's own instant when the file does not say. */
  readonly valueAt?: Instant;
}

export const balanceFormat: TableFormat<BalanceRecord> = {
  columns: [{ name: 'account' }, { name: 'currency' }, { name: 'amount' }, { name: 'valueAt', optional: true }],
  toRecord: (cells) => {
    const valueAt = cells.optional('valueAt', instantCell);
    return {
      accountCode: cells.required('account', identifierCell),
      currency: cells.required('currency', currencyCell),
      amount: cells.required('amount', decimalCell),
      ...(valueAt === undefined ? {} : { valueAt }),
    };
  },
  unique: { column: 'currency', key: (balance) => `${balance.accountCode}, ${balance.currency}` },
};

/** Columns of a balances file that a control total may sum, over all currencies. */
export const balanceSums = ['amount'] as const;

/** Reads a balances file (CSV or JSON); one row per account and currency. @throws FileRefusal */
export function readBalanceFile(source: SourceFile): TableContent<BalanceRecord> {
  return readTable(source, balanceFormat);
}
