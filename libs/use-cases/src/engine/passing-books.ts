import type { Account, CashBalance } from '@ballast/domain';
import type { PositionBook } from '@ballast/persistence';
import type { BookReading, HeldContracts } from './cents-evaluation';
import { hashDenseInput } from './dense-input-hash';
import { centsOfCash, type KeptBook, type KeptInput, readWholeBook } from './kept-books';
import { isAscendingList, readWholeNumbers } from './whole-numbers';

const none = [] as const;
const noSchedules = new Map<string, never>();

/** Quantities of the book at hand. */
let quantities = new Float64Array(64);

/** For books that are looked at once: nothing is kept of them, and the next one overwrites the quantities. */
export const passingReading: BookReading = { wholeOf: readPassingBook, hash: hashPassingInput };

function readPassingBook(account: Account, book: PositionBook, cash: readonly CashBalance[]): KeptBook | null {
  const { instrumentList, quantityList } = book;
  if (quantities.length <= quantityList.length) quantities = new Float64Array(2 * quantityList.length);
  const isWhole = readWholeNumbers(quantityList, quantities) >= 0 && isAscendingList(instrumentList);
  if (!isWhole) return readWholeBook(account, book, cash);
  const cents = centsOfCash(account, cash);
  return cents === null ? null : { quantities, cents };
}

function hashPassingInput(input: KeptInput, { contracts, numbers }: HeldContracts): string {
  const { account, book, cash, listedFutures, asOf, policy, previousStatus } = input;
  const holdings = { cash, collateral: none };
  return hashDenseInput(
    { account, holdings, schedules: noSchedules, listedFutures, asOf, policy, previousStatus, guard: undefined },
    { book, numbers },
    contracts,
  );
}
