import { Decimal, type Position } from '@ballast/domain';
import type { NameNumbers } from './name-numbers';

/** What one account holds, as Postgres wrote it: nothing is parsed before somebody asks. Read by name; a copy does not have it. */
export interface PositionBook {
  /** In order. */
  readonly instrumentIds: readonly string[];
  /** Plain digits: long > 0, short < 0. */
  readonly quantities: readonly string[];
  /** Plain digits or null; null where no position has one. */
  readonly averagePrices: readonly (string | null)[] | null;
  /** The contracts, separated by tabs. */
  readonly instrumentList: string;
  /** The quantities, separated by tabs. */
  readonly quantityList: string;
}

/** A book as a row of texts, values separated by tabs, which no identifier contains. */
export interface PositionBookRow {
  readonly account_id: string;
  readonly instruments: string;
  readonly quantities: string;
  /** The contracts that have an average price, and these; null where none has. */
  readonly priced: string | null;
  readonly average_prices: string | null;
}

/** Takes the texts of a row apart when somebody reads them. */
class ListedBook implements PositionBook {
  readonly instrumentList: string;
  readonly quantityList: string;
  private readonly priced: readonly [instruments: string, prices: string] | null;
  private ids: readonly string[] | undefined;
  private digits: readonly string[] | undefined;
  private prices: readonly (string | null)[] | undefined;

  constructor({ instruments, quantities, priced, average_prices: prices }: PositionBookRow) {
    this.instrumentList = instruments;
    this.quantityList = quantities;
    this.priced = priced === null || prices === null ? null : [priced, prices];
  }

  get instrumentIds(): readonly string[] {
    return (this.ids ??= this.instrumentList.split('\t'));
  }

  get quantities(): readonly string[] {
    return (this.digits ??= this.quantityList.split('\t'));
  }

  get averagePrices(): readonly (string | null)[] | null {
    return this.priced === null ? null : (this.prices ??= this.alignPrices(...this.priced));
  }

  private alignPrices(instruments: string, prices: string): readonly (string | null)[] {
    if (instruments === this.instrumentList) return prices.split('\t');
    const stated = prices.split('\t');
    const byId = new Map(instruments.split('\t').map((id, index) => [id, stated[index] as string]));
    return this.instrumentIds.map((id) => byId.get(id) ?? null);
  }
}

/** Positions of many accounts: a run reads millions and looks at most of them as columns. */
export class PositionBooks {
  private readonly books = new Map<string, PositionBook>();
  private readonly positions = new Map<string, readonly Position[]>();

  constructor(rows: readonly PositionBookRow[]) {
    for (const row of rows) this.books.set(row.account_id, new ListedBook(row));
  }

  /** The book of an account; undefined where it holds nothing. */
  bookOf(accountId: string): PositionBook | undefined {
    return this.books.get(accountId);
  }

  /** Positions of an account in order of the instrument; undefined where it holds nothing. */
  get(accountId: string): readonly Position[] | undefined {
    const known = this.positions.get(accountId);
    const book = this.books.get(accountId);
    if (known !== undefined || book === undefined) return known;
    const positions = book.instrumentIds.map((instrumentId, index): Position => {
      const averagePrice = book.averagePrices?.[index];
      const quantity = new Decimal(book.quantities[index] as string);
      return { instrumentId, quantity, ...(averagePrice == null ? {} : { averagePrice: new Decimal(averagePrice) }) };
    });
    this.positions.set(accountId, positions);
    return positions;
  }

  /** Every contract that one of the accounts holds. @param of  only these accounts */
  instrumentIds(of?: Iterable<string>): ReadonlySet<string> {
    const held = new Set<string>();
    for (const accountId of of ?? this.books.keys())
      for (const id of this.books.get(accountId)?.instrumentIds ?? []) held.add(id);
    return held;
  }

  /**
   * Numbers the contracts that accounts hold, so that nobody has to look them up by their identifiers again.
   *
   * @param known  the contracts that have a number
   * @returns the numbers of each account's book, in its order, −1 for a contract that has none, and those contracts
   */
  numbersOf(
    accountIds: Iterable<string>,
    known: Pick<NameNumbers, 'numberList'>,
  ): { readonly numbers: ReadonlyMap<string, Int32Array>; readonly unknown: ReadonlySet<string> } {
    const held = [...accountIds].flatMap((id) => {
      const book = this.books.get(id);
      return book === undefined ? [] : [{ id, book, start: 0, end: 0 }];
    });
    let column = new Int32Array(64 * (held.length + 1));
    let at = 0;
    for (const one of held) {
      const { instrumentList } = one.book;
      column = withRoom(column, at + instrumentList.length + 1);
      one.start = at;
      at = one.end = known.numberList(instrumentList, column, at);
    }
    // One piece of memory for all: thousands of small ones cost more than the look-ups.
    const numbers = column.slice(0, at);
    const unknown = new Set<string>();
    const byAccount = new Map<string, Int32Array>();
    for (const { id, book, start, end } of held) {
      const ofBook = numbers.subarray(start, end);
      if (ofBook.includes(-1))
        ofBook.forEach((number, index) => {
          if (number < 0) unknown.add(book.instrumentIds[index] as string);
        });
      byAccount.set(id, ofBook);
    }
    return { numbers: byAccount, unknown };
  }

  /** These books, with those of some accounts taken from others; who holds nothing there holds nothing. */
  replaced(accountIds: Iterable<string>, by: PositionBooks): PositionBooks {
    const merged = new PositionBooks([]);
    for (const [id, book] of this.books) merged.books.set(id, book);
    for (const id of accountIds) {
      const book = by.books.get(id);
      if (book === undefined) merged.books.delete(id);
      else merged.books.set(id, book);
    }
    return merged;
  }
}

function withRoom(column: Int32Array<ArrayBuffer>, needed: number): Int32Array<ArrayBuffer> {
  if (needed <= column.length) return column;
  const larger = new Int32Array(2 * needed);
  larger.set(column);
  return larger;
}
