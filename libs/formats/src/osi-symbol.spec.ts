import { Decimal } from '@ballast/domain';
import { formatOsiSymbol, parseOsiSymbol } from './osi-symbol';

describe('OSI symbols', () => {
  it('reads padded and unpadded symbols alike', () => {
    const padded = parseOsiSymbol('AAPL  250221C00180000');
    expect(padded).toEqual(parseOsiSymbol('AAPL250221C00180000'));
    expect(padded).toMatchObject({ root: 'AAPL', expiryDate: '2025-02-21', right: 'call' });
    expect(padded.strike.toFixed()).toBe('180');
    expect(parseOsiSymbol('F     260116P00012500').strike.toFixed()).toBe('12.5');
  });

  it('writes what it reads', () => {
    for (const symbol of ['GOOG151231C00450000', 'BRKB260116P00512500', 'SPXW251231C99999999']) {
      expect(formatOsiSymbol(parseOsiSymbol(symbol))).toBe(symbol);
    }
  });

  it.each([
    'AAPL',
    'AAPL  250230C00180000',
    'AAPL  250221X00180000',
    'aapl  250221C00180000',
    'TOOLONG250221C00180000',
    '',
  ])('refuses %j', (text) => {
    expect(() => parseOsiSymbol(text)).toThrow('expected an OSI option symbol');
  });

  it('refuses a strike that does not fit', () => {
    const symbol = { root: 'X', expiryDate: '2026-01-16', right: 'put' as const };
    expect(() => formatOsiSymbol({ ...symbol, strike: new Decimal('100000') })).toThrow('does not fit');
    expect(() => formatOsiSymbol({ ...symbol, strike: new Decimal('0.0001') })).toThrow('does not fit');
  });
});
