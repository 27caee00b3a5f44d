// Positions: `account,instrument,quantity[,averagePrice][,validFrom]`.
import type { Decimal, Instant, Position } from '@ballast/domain';
import { type CellReader, CellRefusal, decimalCell, identifierCell, instantCell } from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** A holding of an account as a file states it. */
export interface PositionRecord extends Position {
  readonly accountCode: string;
  /** Since when the holding stands; the import's own instant when the file does not say. */
  readonly validFrom?: Instant;
}

const quantityMaximum = 1e10;
/** A text this long at most is below the maximum. */
const safeLength = 10;

const quantityCell: CellReader<Decimal> = (text) => {
  const quantity = decimalCell(text);
  if (text.length > safeLength && quantity.abs().greaterThan(quantityMaximum))
    throw new CellRefusal('more than 10 000 000 000 contracts');
  return quantity;
};

export const positionFormat: TableFormat<PositionRecord> = {
  columns: [
    { name: 'account' },
    { name: 'instrument' },
    { name: 'quantity' },
    { name: 'averagePrice', optional: true },
    { name: 'validFrom', optional: true },
  ],
  toRecord: (cells) => {
    const averagePrice = cells.optional('averagePrice', decimalCell);
    const validFrom = cells.optional('validFrom', instantCell);
    return {
      accountCode: cells.required('account', identifierCell),
      instrumentId: cells.required('instrument', identifierCell),
      quantity: cells.required('quantity', quantityCell),
      ...(averagePrice === undefined ? {} : { averagePrice }),
      ...(validFrom === undefined ? {} : { validFrom }),
    };
  },
  unique: { column: 'instrument', key: (position) => `${position.accountCode}, ${position.instrumentId}` },
};

/** Columns of a positions file that a control total may sum. */
export const positionSums = ['quantity'] as const;

/** Reads a positions file (CSV or JSON); one row per account and instrument. @throws FileRefusal */
export function readPositionFile(source: SourceFile): TableContent<PositionRecord> {
  return readTable(source, positionFormat);
}
