import { hash } from 'node:crypto';
import { Decimal } from '@ballast/domain';
import type { PositionBook } from '@ballast/persistence';
import { type AccountInput, frameAccountInput, positionText } from '../run/account-input-hash';
import { byteScratch } from './byte-column';
import type { DenseContracts } from './dense-contracts';

/** A book, and the numbers of its contracts in the columns. */
export interface NumberedBook {
  readonly book: PositionBook;
  readonly numbers: Int32Array;
}

/** Texts of contracts that are hashed. */
type HashedColumns = Pick<DenseContracts, 'heads' | 'terms'>;

let scratch = byteScratch(65_536);

/** Longest text of a quantity besides its digits. */
const tail = '"}';

/**
 * What hashAccountInput gives for the positions of a book: the same bytes, copied together from columns of contracts.
 *
 * @param book  every contract of it has a number in the columns
 */
export function hashDenseInput(
  input: Omit<AccountInput, 'positions' | 'terms'>,
  { book, numbers }: NumberedBook,
  contracts: HashedColumns,
): string {
  const { before, between, after } = frameAccountInput(input);
  reserve(3 * (before.length + between.length + after.length) + sizeOf(book, numbers.length, contracts));
  const { bytes } = scratch;
  let at = bytes.write(before, 0, 'utf8');
  at = writePositions(book, numbers, contracts, at);
  at += bytes.write(between, at, 'utf8');
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    at = contracts.terms.copyTo(scratch, at, numbers[index] as number);
  }
  at += bytes.write(after, at, 'utf8');
  return hash('sha256', bytes.subarray(0, at), 'hex');
}

function writePositions(
  book: PositionBook,
  numbers: Int32Array,
  { heads }: Pick<HashedColumns, 'heads'>,
  start: number,
): number {
  const { quantityList, averagePrices } = book;
  const isPlain = !quantityList.includes('.');
  let at = start;
  let from = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    const tab = quantityList.indexOf('\t', from);
    const end = tab < 0 ? quantityList.length : tab;
    const averagePrice = averagePrices?.[index];
    if (averagePrice != null) {
      const digits = new Decimal(quantityList.slice(from, end)).toFixed();
      const text = positionText(book.instrumentIds[index] as string, digits, new Decimal(averagePrice).toFixed());
      at += scratch.bytes.write(text, at, 'utf8');
    } else {
      at = heads.copyTo(scratch, at, numbers[index] as number);
      if (isPlain) for (; from < end; from += 1) scratch.bytes[at++] = quantityList.charCodeAt(from);
      else at = writeAscii(new Decimal(quantityList.slice(from, end)).toFixed(), at);
      at = writeAscii(tail, at);
    }
    from = end + 1;
  }
  return at;
}

function writeAscii(text: string, start: number): number {
  const { bytes } = scratch;
  let at = start;
  for (let index = 0; index < text.length; index += 1) bytes[at++] = text.charCodeAt(index);
  return at;
}

/** Room that positions and terms need at most. */
function sizeOf({ quantityList, averagePrices }: PositionBook, count: number, { heads, terms }: HashedColumns): number {
  let size = count * (heads.longest + terms.longest + 4) + quantityList.length;
  // The members' names.
  for (const price of averagePrices ?? []) if (price !== null) size += 64 + price.length;
  return size;
}

function reserve(size: number): void {
  if (scratch.bytes.length < size) scratch = byteScratch(2 * size);
}
