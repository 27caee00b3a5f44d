import { hash } from 'node:crypto';
import { Decimal } from '@ballast/domain';
import type { PositionBook } from '@ballast/persistence';
import { type AccountInput, frameAccountInput, positionText } from '../run/account-input-hash';
import { byteScratch } from './byte-column';
import type { DenseContracts } from './dense-contracts';

/** A book, and the numbers of its contracts in the columns. */
export interface NumberedBook extends PositionBook {
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
  book: NumberedBook,
  contracts: HashedColumns,
): string {
  const { before, between, after } = frameAccountInput(input);
  reserve(3 * (before.length + between.length + after.length) + sizeOf(book, contracts));
  const { numbers } = book;
  const { bytes } = scratch;
  let at = bytes.write(before, 0, 'utf8');
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    at = writePosition(book, contracts, index, at);
  }
  at += bytes.write(between, at, 'utf8');
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    at = contracts.terms.copyTo(scratch, at, numbers[index] as number);
  }
  at += bytes.write(after, at, 'utf8');
  return hash('sha256', bytes.subarray(0, at), 'hex');
}

function writePosition(book: NumberedBook, contracts: HashedColumns, index: number, start: number): number {
  const quantity = book.quantities[index] as string;
  const digits = quantity.includes('.') ? new Decimal(quantity).toFixed() : quantity;
  const averagePrice = book.averagePrices?.[index];
  if (averagePrice != null) {
    const text = positionText(book.instrumentIds[index] as string, digits, new Decimal(averagePrice).toFixed());
    return start + scratch.bytes.write(text, start, 'utf8');
  }
  const at = contracts.heads.copyTo(scratch, start, book.numbers[index] as number);
  return writeAscii(tail, writeAscii(digits, at));
}

function writeAscii(text: string, start: number): number {
  const { bytes } = scratch;
  let at = start;
  for (let index = 0; index < text.length; index += 1) bytes[at++] = text.charCodeAt(index);
  return at;
}

/** Room that positions and terms need at most. */
function sizeOf({ quantities, averagePrices }: NumberedBook, { heads, terms }: HashedColumns): number {
  let size = quantities.length * (heads.longest + terms.longest + 4);
  // Digits of an exponent written out, and the members' names.
  for (const digits of quantities) size += digits.length;
  for (const price of averagePrices ?? []) if (price !== null) size += 64 + price.length;
  return size;
}

function reserve(size: number): void {
  if (scratch.bytes.length < size) scratch = byteScratch(2 * size);
}
