import { formatDelimitedCells, guardedTextCell } from './delimited-line';

describe('cells of a CSV line', () => {
  it.each(['=HYPERLINK("http://x")', '+1', '-1+1', '@SUM(A1)', '\tx', '\rx'])('%j begins no formula', (text) => {
    expect(guardedTextCell(text)).toBe(`'${text}`);
  });

  it('leave other text alone', () => {
    for (const text of ['', 'A-1', "'quoted", ' =1', 'Müller & Söhne', '5']) expect(guardedTextCell(text)).toBe(text);
  });

  it('are quoted where they would break the line', () => {
    expect(formatDelimitedCells(['a,b', 'say "hi"', 'two\nlines', "'=1+1", ''])).toBe(
      '"a,b","say ""hi""","two\nlines",\'=1+1,',
    );
  });
});
