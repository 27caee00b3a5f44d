import { parseTradeFile, parseTradeWords } from './trade-file';

const shown = (rows: ReturnType<typeof parseTradeWords>) =>
  rows.map(({ instrumentId, quantity, price, feePerContract }) => [
    instrumentId,
    quantity.toFixed(),
    price?.toFixed(),
    feePerContract?.toFixed(),
  ]);

describe('parseTradeWords', () => {
  it('reads quantities with and without a price, identifiers with signs of their own', () => {
    expect(shown(parseTradeWords('A=2, B-95P=-10@1.02,C=D=+0.5'))).toEqual([
      ['A', '2', undefined, undefined],
      ['B-95P', '-10', '1.02', undefined],
      ['C=D', '0.5', undefined, undefined],
    ]);
  });

  it.each(['A', 'A=', '=3', 'A=1e5', 'A=1@', 'A=1,'])('refuses %s', (text) => {
    expect(() => parseTradeWords(text)).toThrow(/expected/);
  });
});

describe('parseTradeFile', () => {
  it('reads a list', () => {
    const text =
      '[{ "instrument": "A", "quantity": "-2", "price": "1.25", "fee": "0.65" }, { "instrument": "B", "quantity": "3" }]';
    expect(shown(parseTradeFile(text, 't.json'))).toEqual([
      ['A', '-2', '1.25', '0.65'],
      ['B', '3', undefined, undefined],
    ]);
  });

  it.each([
    ['a number for an amount', '[{ "instrument": "A", "quantity": 2 }]', 'quantity'],
    ['no contracts', '[{ "instrument": "A", "quantity": "0" }]', 'no contracts'],
    ['an unknown key', '[{ "instrument": "A", "quantity": "1", "side": "buy" }]', 'unknown key'],
    ['an object', '{}', 'expected a list'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseTradeFile(text, 't.json')).toThrow(message);
  });
});
