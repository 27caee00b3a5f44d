import {
  CellRefusal,
  choiceCell,
  dateCell,
  decimalCell,
  feedDecimalCell,
  identifierCell,
  instantCell,
  nameCell,
  numberCell,
  numberOrInfinityCell,
  positiveDecimalCell,
  positiveIntegerCell,
} from './cell';

function reasonOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof CellRefusal) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('cells', () => {
  it.each([
    ['1.234,56', 'decimal comma'],
    ['0,5', 'decimal comma'],
    ['1,234.56', 'thousands separators'],
    ['12,345', 'thousands separators'],
    ['(123)', 'brackets'],
    ['123-', 'minus at the end'],
    ['#N/A', 'no number'],
    ['null', 'no number'],
    ['-', 'no number'],
    ['NaN', 'not a finite number'],
    ['Infinity', 'not a finite number'],
    ['-inf', 'not a finite number'],
    [' 1', 'white space'],
    ['1 ', 'white space'],
    ['+5', 'plus sign'],
    ['\u22125', 'typographic minus'],
    ['٣', 'not an ASCII digit'],
    ['３', 'not an ASCII digit'],
    ['1_000', 'expected plain digits'],
    ['0x10', 'expected plain digits'],
    ['1e5', 'expected plain digits'],
    ['.5', 'expected plain digits'],
    ['5.', 'expected plain digits'],
    ['0.12345678901', 'expected plain digits'],
    ['1234567890123456789', 'expected plain digits'],
    ['9'.repeat(200_000), 'expected plain digits'],
  ])('refuses the amount %.20s', (text, reason) => {
    expect(reasonOf(() => decimalCell(text))).toContain(reason);
  });

  it('reads plain amounts exactly', () => {
    expect(decimalCell('-1234.50').toFixed()).toBe('-1234.5');
    expect(decimalCell('-0').isNegative()).toBe(false);
    expect(reasonOf(() => positiveDecimalCell('-95'))).toBe('must be greater than 0');
    expect(reasonOf(() => positiveDecimalCell('0'))).toBe('must be greater than 0');
  });

  it('reads the float64 prints of foreign feeds', () => {
    expect(feedDecimalCell('9.187e-05').toFixed()).toBe('0.00009187');
    expect(feedDecimalCell('92548.07299615977').toFixed()).toBe('92548.0729961598');
    expect(reasonOf(() => feedDecimalCell('1e99'))).toContain('expected plain digits');
    expect(reasonOf(() => feedDecimalCell('nan'))).toContain('not a finite number');
    expect(reasonOf(() => feedDecimalCell('1,5'))).toContain('decimal comma');
  });

  it.each([
    ['1e400', 'larger than a float64'],
    ['NaN', 'not a finite number'],
    ['1,5', 'decimal comma'],
    ['abc', 'expected a number'],
  ])('refuses the number %s', (text, reason) => {
    expect(reasonOf(() => numberCell(text))).toContain(reason);
  });

  it('reads float64 numbers in every written form', () => {
    expect(['1', '-0.5', '2.5e-7', '.5', '5.', '1E3'].map(numberCell)).toEqual([1, -0.5, 2.5e-7, 0.5, 5, 1000]);
    expect(numberOrInfinityCell('Infinity')).toBe(Infinity);
    expect(reasonOf(() => numberOrInfinityCell('-Infinity'))).toContain('not a finite number');
    expect(positiveIntegerCell('801')).toBe(801);
    expect(reasonOf(() => positiveIntegerCell('0'))).toContain('whole number');
  });

  it.each([
    ['44197', 'spreadsheet serial date'],
    ['1767605111', 'epoch'],
    ['1767605111513', 'epoch'],
    ['1767605111513224', 'epoch'],
    ['05/01/2026', 'day and month'],
    ['2026-01-05', 'without a time'],
    ['2026-01-05T08:00:00', 'no time zone'],
    ['2026-02-30T08:00:00Z', 'existing instant'],
    ['2026-01-05T24:00:00Z', 'existing instant'],
    ['yesterday', 'existing instant'],
  ])('refuses the instant %s', (text, reason) => {
    expect(reasonOf(() => instantCell(text))).toContain(reason);
  });

  it('reads instants and dates', () => {
    expect(instantCell('2026-01-05T09:25:11.513224+00:00')).toBe(Date.UTC(2026, 0, 5, 9, 25, 11, 513));
    expect(dateCell('2024-02-29')).toBe('2024-02-29');
    expect(reasonOf(() => dateCell('2025-02-29'))).toContain('existing date');
    expect(reasonOf(() => dateCell('29/02/2024'))).toContain('day and month');
  });

  it.each([
    'ACCT\u20111',
    '=HYPERLINK("x")',
    'A\u202eB',
    'é',
    '💰',
    ' A',
    'A ',
    '../../etc/passwd',
    'A\nB',
    'x'.repeat(129),
  ])('refuses the identifier %j', (text) => {
    expect(reasonOf(() => identifierCell(text))).not.toBe('accepted');
  });

  it('reads the identifiers of real markets', () => {
    for (const id of ['BTC-16JAN26-82000-C', 'AAPL  250221C00180000', '^SPX', 'BRK.B', '6E/H6', 'ES_H20']) {
      expect(identifierCell(id)).toBe(id);
    }
  });

  it('reads names of any script and refuses hidden characters', () => {
    expect(nameCell('Zürich 東京 & Söhne')).toBe('Zürich 東京 & Söhne');
    for (const text of ['a\u0000b', 'a\u202eb', 'a\u200bb', 'e\u0301', '\ud800', ' a']) {
      expect(reasonOf(() => nameCell(text))).not.toBe('accepted');
    }
  });

  it('names the choices', () => {
    expect(choiceCell(['call', 'put'])('put')).toBe('put');
    expect(reasonOf(() => choiceCell(['call', 'put'])('X'))).toBe('expected call or put');
  });
});
