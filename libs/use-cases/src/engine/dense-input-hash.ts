import { hash } from 'node:crypto';
import { Decimal } from '@ballast/domain';
import type { PositionBook } from '@ballast/persistence';
import { type AccountInput, frameAccountInput, positionText } from '../run/account-input-hash';
import type { DenseContracts } from './dense-contracts';

/** A book, and the numbers of its contracts in the columns. */
export interface NumberedBook extends PositionBook {
  readonly numbers: Int32Array;
}

let scratch = Buffer.allocUnsafe(65_536);

/** Longest text of a quantity besides its digits. */
const tail = '"}';

/**
 * What hashAccountInput gives for the positions of a book: the same bytes, copied together from columns of contracts.
 *
 * @param input.book  every contract of it has a number in the columns
 */
export function hashDenseInput(
  input: Omit<AccountInput, 'positions' | 'terms'> & {
    readonly book: NumberedBook;
    readonly contracts: Pick<DenseContracts, 'heads' | 'terms'>;
  },
): string {
  const { book, contracts } = input;
  const { before, between, after } = frameAccountInput(input);
  reserve(3 * (before.length + between.length + after.length) + sizeOf(book, contracts));
  const { numbers } = book;
  let at = scratch.write(before, 0, 'utf8');
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    at = writePosition(input, index, at);
  }
  at += scratch.write(between, at, 'utf8');
  for (let index = 0; index < numbers.length; index += 1) {
    if (index > 0) at = writeAscii(',', at);
    at = contracts.terms.copyTo(scratch, at, numbers[index] as number);
  }
  at += scratch.write(after, at, 'utf8');
  return hash('sha256', scratch.subarray(0, at), 'hex');
}

function writePosition(
  { book, contracts }: Pick<Parameters<typeof hashDenseInput>[0], 'book' | 'contracts'>,
  index: number,
  start: number,
): number {
  const quantity = book.quantities[index] as string;
  const digits = quantity.includes('.') ? new Decimal(quantity).toFixed() : quantity;
  const averagePrice = book.averagePrices?.[index];
  if (averagePrice != null) {
    const text = positionText(book.instrumentIds[index] as string, digits, new Decimal(averagePrice).toFixed());
    return start + scratch.write(text, start, 'utf8');
  }
  const at = contracts.heads.copyTo(scratch, start, book.numbers[index] as number);
  return writeAscii(tail, writeAscii(digits, at));
}

function writeAscii(text: string, start: number): number {
  let at = start;
  for (let index = 0; index < text.length; index += 1) scratch[at++] = text.charCodeAt(index);
  return at;
}

/** Room that positions and terms need at most. */
function sizeOf(
  { numbers, quantities, averagePrices }: NumberedBook,
  { heads, terms }: Pick<DenseContracts, 'heads' | 'terms'>,
): number {
  let size = 0;
  for (let index = 0; index < numbers.length; index += 1) {
    const number = numbers[index] as number;
    const price = averagePrices?.[index];
    size += heads.sizeOf(number) + terms.sizeOf(number) + (quantities[index] as string).length + 4;
    // Digits of an exponent written out, and the member's name.
    if (price != null) size += 64 + price.length;
  }
  return size;
}

function reserve(size: number): void {
  if (scratch.length < size) scratch = Buffer.allocUnsafe(2 * size);
}
