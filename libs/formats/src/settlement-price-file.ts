// Settlement prices: `underlying,price[,expiry]`.
import type { Decimal, Instant } from '@ballast/domain';
import { decimalCell, identifierCell, instantCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** At what an underlying was fixed. */
export interface SettlementPriceRecord {
  readonly underlying: string;
  /** Currency per unit of the underlying; may be negative. */
  readonly price: Decimal;
  /** The expiry it settles; absent: every expiry that has no row of its own. */
  readonly expiry?: Instant;
}

const format: TableFormat<SettlementPriceRecord> = {
  columns: [{ name: 'underlying' }, { name: 'price' }, { name: 'expiry', optional: true }],
  toRecord: (cells) => {
    const expiry = cells.optional('expiry', instantCell);
    return {
      underlying: cells.required('underlying', identifierCell),
      price: cells.required('price', decimalCell),
      ...(expiry === undefined ? {} : { expiry }),
    };
  },
  unique: { column: 'underlying', key: ({ underlying, expiry }) => `${underlying} ${expiry ?? ''}` },
};

/** Reads settlement prices (CSV or JSON); one row per underlying and expiry. @throws FileRefusal */
export function readSettlementPriceFile(source: SourceFile): TableContent<SettlementPriceRecord> {
  return readTable(source, format);
}
