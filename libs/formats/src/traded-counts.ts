import type { Decimal, InstrumentQuote } from '@ballast/domain';
import { CellRefusal, type CellReader, feedDecimalCell } from './cell';
import type { RowCells } from './table';

/**
 * Reads open interest and volume of a quote from the columns a format has them in.
 *
 * @returns members for known figures only: an empty cell is not known, 0 is nothing open or nothing traded
 */
export function tradedCounts(
  cells: RowCells,
  columns: Readonly<Record<'openInterest' | 'volume', string>>,
): Pick<InstrumentQuote, 'openInterest' | 'volume'> {
  const openInterest = cells.optional(columns.openInterest, countCell);
  const volume = cells.optional(columns.volume, countCell);
  return { ...(openInterest === undefined ? {} : { openInterest }), ...(volume === undefined ? {} : { volume }) };
}

const countCell: CellReader<Decimal> = (text) => {
  const count = feedDecimalCell(text);
  if (count.isNegative() && !count.isZero()) throw new CellRefusal('must not be negative');
  return count.abs();
};
