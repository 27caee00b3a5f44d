import { Decimal, type Position } from '@ballast/domain';

/** What one account holds, as Postgres wrote it: nothing is parsed before somebody asks. */
export interface PositionBook {
  /** In order. */
  readonly instrumentIds: readonly string[];
  /** Plain digits: long > 0, short < 0. */
  readonly quantities: readonly string[];
  /** Plain digits or null; null where no position has one. */
  readonly averagePrices: readonly (string | null)[] | null;
}

/** A book as a row of texts, values separated by tabs, which no identifier contains. */
export interface PositionBookRow {
  readonly account_id: string;
  readonly instruments: string;
  readonly quantities: string;
  readonly average_prices: string | null;
}

/** Positions of many accounts: a run reads millions and looks at most of them as columns. */
export class PositionBooks {
  private readonly books = new Map<string, PositionBook>();
  private readonly positions = new Map<string, readonly Position[]>();

  constructor(rows: readonly PositionBookRow[]) {
    for (const { account_id: accountId, instruments, quantities, average_prices: prices } of rows) {
      this.books.set(accountId, {
        instrumentIds: instruments.split('\t'),
        quantities: quantities.split('\t'),
        averagePrices: prices === null ? null : prices.split('\t').map((price) => (price === '' ? null : price)),
      });
    }
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
   * @param numberOf  number of a contract, −1 for one that has none
   * @returns the numbers of each account's book, in its order, and the contracts that have none
   */
  numbersOf(
    accountIds: Iterable<string>,
    numberOf: (instrumentId: string) => number,
  ): { readonly numbers: ReadonlyMap<string, Int32Array>; readonly unknown: ReadonlySet<string> } {
    const numbers = new Map<string, Int32Array>();
    const unknown = new Set<string>();
    for (const accountId of accountIds) {
      const ids = this.books.get(accountId)?.instrumentIds;
      if (ids === undefined) continue;
      const ofBook = new Int32Array(ids.length);
      for (let index = 0; index < ids.length; index += 1) {
        const id = ids[index] as string;
        const number = numberOf(id);
        ofBook[index] = number;
        if (number < 0) unknown.add(id);
      }
      numbers.set(accountId, ofBook);
    }
    return { numbers, unknown };
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
