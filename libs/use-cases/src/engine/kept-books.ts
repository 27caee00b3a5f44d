import { hash } from 'node:crypto';
import type { BufferPolicy, BufferStatus } from '@ballast/buffer';
import { type Account, type CashBalance, centsOfDigits, Decimal, type Instant, type Instrument } from '@ballast/domain';
import type { PositionBook } from '@ballast/persistence';
import { accountInputText, futuresText, policyText, positionText, termsText } from '../run/account-input-hash';

/** A book of whole contracts and an amount of whole cents, read once and looked at after every move. */
export interface KeptBook {
  readonly quantities: Float64Array;
  /** Cash, all in the base currency [cents]. */
  readonly cents: number;
}

/** What of an account's evaluation changes between two moves though its book does not. */
export interface KeptInput {
  readonly account: Account;
  readonly book: PositionBook;
  readonly cash: readonly CashBalance[];
  readonly listedFutures: readonly Instrument[];
  readonly asOf: Instant;
  readonly policy: BufferPolicy;
  readonly previousStatus: BufferStatus | undefined;
}

/** What is hashed of an account, its instant to be written over. */
interface KeptText {
  readonly account: Account;
  readonly cash: readonly CashBalance[];
  readonly futures: string;
  readonly policy: string;
  readonly previousStatus: BufferStatus | undefined;
  readonly bytes: Buffer;
  /** Where the digits of the instant stand, and how many they are. */
  readonly at: number;
  readonly digits: number;
}

interface Kept {
  account: Account;
  cash: readonly CashBalance[];
  whole: KeptBook | null;
  text: KeptText | null;
}

/** Kept as long as the book itself: whoever holds something else has another. */
const keptByBook = new WeakMap<PositionBook, Kept>();

/**
 * A book as whole numbers; null where a quantity or an amount of cash is none, cash is of another currency, or positions are
 * not in order of the contract.
 */
export function wholeBookOf(account: Account, book: PositionBook, cash: readonly CashBalance[]): KeptBook | null {
  return keptOf(account, book, cash).whole;
}

/**
 * What hashAccountInput gives of an account whose data nobody doubts, without pledges or overdue calls: of the text that was
 * hashed last the instant alone is written anew.
 *
 * @param instruments  the contracts held, in the order of the book
 */
export function hashKeptInput(input: KeptInput, instruments: () => readonly (Instrument | undefined)[]): string {
  const kept = keptOf(input.account, input.book, input.cash);
  const futures = futuresText(input.listedFutures);
  const policy = policyText(input.policy);
  const digits = String(input.asOf);
  let { text } = kept;
  const isCurrent =
    text !== null &&
    text.previousStatus === input.previousStatus &&
    text.digits === digits.length &&
    text.futures === futures &&
    text.policy === policy;
  if (text === null || !isCurrent) kept.text = text = writeText(input, instruments());
  for (let index = 0; index < digits.length; index += 1) text.bytes[text.at + index] = digits.charCodeAt(index);
  return hash('sha256', text.bytes, 'hex');
}

function keptOf(account: Account, book: PositionBook, cash: readonly CashBalance[]): Kept {
  const known = keptByBook.get(book);
  if (known !== undefined && known.account === account && known.cash === cash) return known;
  const kept = { account, cash, whole: readWholeBook(account, book, cash), text: null };
  keptByBook.set(book, kept);
  return kept;
}

/** wholeBookOf, looked at once. */
export function readWholeBook(account: Account, book: PositionBook, cash: readonly CashBalance[]): KeptBook | null {
  const cents = centsOfCash(account, cash);
  if (cents === null) return null;
  const { instrumentIds, quantities: digits } = book;
  const quantities = new Float64Array(digits.length);
  for (let index = 0; index < quantities.length; index += 1) {
    const quantity = Number(digits[index]);
    quantities[index] = quantity;
    if (quantity === 0 || !Number.isSafeInteger(quantity)) return null;
    if (index > 0 && (instrumentIds[index - 1] as string) >= (instrumentIds[index] as string)) return null;
  }
  return { quantities, cents };
}

/** Cash of an account [cents]; null where some is of another currency, or no whole number of them. */
export function centsOfCash({ baseCurrency }: Account, cash: readonly CashBalance[]): number | null {
  let cents = 0;
  for (const { amount, currency } of cash) {
    const more = currency === baseCurrency ? centsOfDigits(amount.toFixed()) : null;
    if (more === null) return null;
    cents += more;
  }
  return cents;
}

function writeText(input: KeptInput, instruments: readonly (Instrument | undefined)[]): KeptText {
  const { account, book, cash, asOf, policy, previousStatus, listedFutures } = input;
  const positions = book.instrumentIds.map((id, index) => {
    const averagePrice = book.averagePrices?.[index];
    const price = averagePrice == null ? undefined : new Decimal(averagePrice).toFixed();
    return positionText(id, new Decimal(book.quantities[index] as string).toFixed(), price);
  });
  const text = accountInputText({
    ...{ account, listedFutures, asOf, policy, previousStatus },
    ...{ schedules: new Map(), guard: undefined, holdings: { cash, collateral: [] } },
    ...{ positions: positions.join(','), terms: instruments.map(termsText).join(',') },
  });
  // Quotes inside a name are escaped, so the first such member is that of the account.
  const member = ',"asOf":';
  const at = Buffer.byteLength(text.slice(0, text.indexOf(member) + member.length));
  const [futures, ofPolicy] = [futuresText(listedFutures), policyText(policy)];
  const bytes = Buffer.from(text, 'utf8');
  return { account, cash, futures, policy: ofPolicy, previousStatus, bytes, at, digits: String(asOf).length };
}
