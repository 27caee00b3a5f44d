import { readPriceHistoryFile } from './price-history-file';

const source = (text: string) => ({ name: 'p.csv', bytes: new TextEncoder().encode(text) });

describe('price histories', () => {
  it('reads symbols from the header and sorts days', () => {
    const history = readPriceHistoryFile(source('date,SPX,AAPL\n2026-01-06,6900,250.5\n2026-01-05,6880.25,\n'));
    expect(history.symbols).toEqual(['SPX', 'AAPL']);
    expect(history.days).toEqual([
      { date: '2026-01-05', prices: [6880.25, null] },
      { date: '2026-01-06', prices: [6900, 250.5] },
    ]);
  });

  it('takes the column of dates in any case, and lines that end in CR LF', () => {
    expect(readPriceHistoryFile(source('DATE,CLOSE\r\n2026-01-05,17.24\r\n')).symbols).toEqual(['CLOSE']);
  });

  it.each([
    ['day,SPX\n2026-01-05,1\n', 'p.csv:1: column date: the column is missing'],
    ['date\n2026-01-05\n', 'no symbol column after date'],
    ['date,SPX,SPX\n2026-01-05,1,2\n', 'p.csv:1: column SPX: the column appears twice'],
    ['date,=cmd\n2026-01-05,1\n', 'p.csv:1: column =cmd: not a symbol'],
    ['date,SPX\n05/01/2026,1\n', 'p.csv:2: column date: value "05/01/2026": day and month'],
    ['date,SPX\n46027,1\n', 'p.csv:2: column date: value "46027": a spreadsheet serial date'],
    ['date,SPX\n2026-02-30,1\n', 'p.csv:2: column date: value "2026-02-30"'],
    ['date,SPX\n2026-01-05,-1\n', 'p.csv:2: column SPX: value "-1": must be greater than 0'],
    ['date,SPX\n2026-01-05,NaN\n', 'p.csv:2: column SPX: value "NaN": not a finite number'],
    ['date,SPX\n2026-01-05,1\n2026-01-05,1\n', 'p.csv:3: column date: value "2026-01-05": a duplicate of line 2'],
  ])('refuses file %#', (text, message) => {
    expect(() => readPriceHistoryFile(source(text))).toThrow(message);
  });
});
