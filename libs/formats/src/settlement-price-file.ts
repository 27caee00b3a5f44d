// Settlement prices: `underlying,price[,expiry][,session]`.
import type { Decimal, Instant, SettlementSession } from '@ballast/domain';
import { choiceCell, decimalCell, identifierCell, instantCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** At what an underlying was fixed. */
export interface SettlementPriceRecord {
  readonly underlying: string;
  /** Currency per unit of the underlying; may be negative. */
  readonly price: Decimal;
  /** The expiry it settles; absent: every expiry that has no row of its own. */
  readonly expiry?: Instant;
  /** am: a special opening quotation, for contracts that settle to one and for no others. */
  readonly session: SettlementSession;
}

const format: TableFormat<SettlementPriceRecord> = {
  columns: [
    { name: 'underlying' },
    { name: 'price' },
    { name: 'expiry', optional: true },
    { name: 'session', optional: true },
  ],
  toRecord: (cells) => {
    const expiry = cells.optional('expiry', instantCell);
    return {
      underlying: cells.required('underlying', identifierCell),
      price: cells.required('price', decimalCell),
      session: cells.optional('session', choiceCell(['am', 'pm'])) ?? 'pm',
      ...(expiry === undefined ? {} : { expiry }),
    };
  },
  unique: {
    column: 'underlying',
    key: ({ underlying, expiry, session }) => `${underlying} ${expiry ?? ''} ${session}`,
  },
};

/** Reads settlement prices (CSV or JSON); one row per underlying, expiry and session. @throws FileRefusal */
export function readSettlementPriceFile(source: SourceFile): TableContent<SettlementPriceRecord> {
  return readTable(source, format);
}
