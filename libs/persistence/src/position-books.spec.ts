import { PositionBooks } from './position-books';

const books = new PositionBooks([
  { account_id: 'a', instruments: 'X\tY Z', quantities: '5\t-2.50', average_prices: null },
  { account_id: 'b', instruments: 'X\tZ', quantities: '1\t2', average_prices: '\t101.25' },
]);

describe('PositionBooks', () => {
  it('keeps a book as columns', () => {
    expect(books.bookOf('a')).toEqual({ instrumentIds: ['X', 'Y Z'], quantities: ['5', '-2.50'], averagePrices: null });
    expect(books.bookOf('c')).toBeUndefined();
  });

  it('numbers contracts, and tells which have no number', () => {
    const { numbers, unknown } = books.numbersOf(['b', 'c', 'a'], (id) => (id === 'Z' ? 7 : id === 'X' ? 0 : -1));
    expect([...unknown]).toEqual(['Y Z']);
    expect([...numbers].map(([id, ofBook]) => [id, [...ofBook]])).toEqual([
      ['b', [0, 7]],
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
    const by = new PositionBooks([{ account_id: 'b', instruments: 'W', quantities: '9', average_prices: null }]);
    const merged = books.replaced(['b', 'a'], by);
    expect(merged.bookOf('a')).toBeUndefined();
    expect(merged.get('b')?.map(({ instrumentId }) => instrumentId)).toEqual(['W']);
    expect([...books.replaced(['c'], by).instrumentIds(['a'])]).toEqual(['X', 'Y Z']);
    expect(books.bookOf('a')?.quantities).toEqual(['5', '-2.50']);
  });
});
