import { NameNumbers } from './name-numbers';
import { PositionBooks } from './position-books';

const books = new PositionBooks([
  { account_id: 'a', instruments: 'X\tY Z', quantities: '5\t-2.50', priced: null, average_prices: null },
  { account_id: 'b', instruments: 'X\tZ', quantities: '1\t2', priced: 'Z', average_prices: '101.25' },
]);

const columnsOf = (of: PositionBooks, id: string) => {
  const book = of.bookOf(id);
  return book && [book.instrumentIds, book.quantities, book.averagePrices];
};

describe('PositionBooks', () => {
  it('keeps a book as columns', () => {
    expect(columnsOf(books, 'a')).toEqual([['X', 'Y Z'], ['5', '-2.50'], null]);
    expect(columnsOf(books, 'b')).toEqual([
      ['X', 'Z'],
      ['1', '2'],
      [null, '101.25'],
    ]);
    expect(books.bookOf('a')).toMatchObject({ instrumentList: 'X\tY Z', quantityList: '5\t-2.50' });
    expect(books.bookOf('c')).toBeUndefined();
  });

  it('aligns prices where every position has one', () => {
    const all = { account_id: 'd', instruments: 'X\tZ', quantities: '1\t2', priced: 'X\tZ', average_prices: '7\t8' };
    expect(columnsOf(new PositionBooks([all]), 'd')?.[2]).toEqual(['7', '8']);
  });

  it('numbers contracts, and tells which have no number', () => {
    const known = new NameNumbers();
    for (const id of ['X', 'A', 'Z']) known.add(id);
    const { numbers, unknown } = books.numbersOf(['b', 'c', 'a'], known);
    expect([...unknown]).toEqual(['Y Z']);
    expect([...numbers].map(([id, ofBook]) => [id, [...ofBook]])).toEqual([
      ['b', [0, 2]],
      ['a', [0, -1]],
    ]);
  });

  it('gives positions, an average price only where there is one', () => {
    const plain = (books.get('b') ?? []).map(({ instrumentId, quantity, averagePrice }) => {
      return [instrumentId, quantity.toFixed(), averagePrice?.toFixed()];
    });
    expect(plain).toEqual([
      ['X', '1', undefined],
      ['Z', '2', '101.25'],
    ]);
    expect('averagePrice' in (books.get('b')?.[0] ?? {})).toBe(false);
    expect(books.get('a')?.[1]?.quantity.toFixed()).toBe('-2.5');
    expect(books.get('b')).toBe(books.get('b'));
    expect(books.get('c')).toBeUndefined();
  });

  it('takes the books of some accounts from others, and keeps the rest', () => {
    const by = new PositionBooks([
      { account_id: 'b', instruments: 'W', quantities: '9', priced: null, average_prices: null },
    ]);
    const merged = books.replaced(['b', 'a'], by);
    expect(merged.bookOf('a')).toBeUndefined();
    expect(merged.get('b')?.map(({ instrumentId }) => instrumentId)).toEqual(['W']);
    expect([...books.replaced(['c'], by).instrumentIds(['a'])]).toEqual(['X', 'Y Z']);
    expect(books.bookOf('a')?.quantities).toEqual(['5', '-2.50']);
  });
});
