// Pledged collateral: `account,asset,kind,assetClass,quantity[,rating][,maturity][,price][,currency][,schedule][,validFrom]`.
import { type CollateralPosition, collateralKinds, type Decimal, type Instant } from '@ballast/domain';
import {
  type CellReader,
  CellRefusal,
  choiceCell,
  currencyCell,
  dateCell,
  identifierCell,
  instantCell,
  nonNegativeDecimalCell,
} from './cell';
import { readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** A pledged holding as a file states it; quantity 0 withdraws it. */
export interface CollateralRecord extends CollateralPosition {
  readonly accountCode: string;
  /** Since when the holding is pledged; the import's own instant when the file does not say. */
  readonly validFrom?: Instant;
}

/** Schedule of holdings that name none. */
export const defaultScheduleName = 'HOUSE';

const quantityMaximum = 1e15;

const quantityCell: CellReader<Decimal> = (text) => {
  const quantity = nonNegativeDecimalCell(text);
  if (quantity.greaterThan(quantityMaximum)) throw new CellRefusal('more than 1 000 000 000 000 000 units');
  return quantity;
};

export const collateralFormat: TableFormat<CollateralRecord> = {
  columns: [
    { name: 'account' },
    { name: 'asset' },
    { name: 'kind' },
    { name: 'assetClass' },
    { name: 'quantity' },
    { name: 'rating', optional: true },
    { name: 'maturity', optional: true },
    { name: 'price', optional: true },
    { name: 'currency', optional: true },
    { name: 'schedule', optional: true },
    { name: 'validFrom', optional: true },
  ],
  toRecord: (cells) => {
    const rating = cells.optional('rating', identifierCell);
    const maturity = cells.optional('maturity', dateCell);
    const price = cells.optional('price', nonNegativeDecimalCell);
    const currency = cells.optional('currency', currencyCell);
    const validFrom = cells.optional('validFrom', instantCell);
    if (price !== undefined && currency === undefined) cells.refuse('currency', 'a stated price needs its currency');
    if (price === undefined && currency !== undefined)
      cells.refuse('currency', 'without a price the currency is that of the market; leave it empty');
    return {
      accountCode: cells.required('account', identifierCell),
      asset: cells.required('asset', identifierCell),
      kind: cells.required('kind', choiceCell(collateralKinds)),
      assetClass: cells.required('assetClass', identifierCell),
      quantity: cells.required('quantity', quantityCell),
      schedule: cells.optional('schedule', identifierCell) ?? defaultScheduleName,
      ...(rating === undefined ? {} : { rating }),
      ...(maturity === undefined ? {} : { maturity }),
      ...(price === undefined || currency === undefined ? {} : { price, currency }),
      ...(validFrom === undefined ? {} : { validFrom }),
    };
  },
  unique: { column: 'asset', key: (holding) => `${holding.accountCode}, ${holding.asset}` },
};

/** Reads a collateral file (CSV or JSON); one row per account and asset. @throws FileRefusal */
export function readCollateralFile(source: SourceFile): TableContent<CollateralRecord> {
  return readTable(source, collateralFormat);
}
