import fc from 'fast-check';
import { splitRecords } from './delimited-text';

describe('splitRecords', () => {
  it('splits lines without quotes as the parser for quotes does', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '1', ' ', ';', '\t', 'é'), maxLength: 3 });
    const line = fc.array(cell, { minLength: 1, maxLength: 4 }).map((cells) => cells.join(','));
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (lines, end, isClosed, firstLine) => {
          const text = lines.join(end) + (isClosed ? end : '');
          const plain = splitRecords({ text, firstLine, hasQuotes: false }, 'x.csv');
          expect(plain).toEqual(splitRecords({ text, firstLine, hasQuotes: true }, 'x.csv'));
        },
      ),
    );
  });

  it('numbers records by the line in which they start, and leaves blank lines out', () => {
    expect(splitRecords({ text: 'a,b\n\n"c\nd",e\nf\n', firstLine: 3, hasQuotes: true }, 'x.csv')).toEqual([
      { line: 3, cells: ['a', 'b'] },
      { line: 5, cells: ['c\nd', 'e'] },
      { line: 7, cells: ['f'] },
    ]);
    expect(splitRecords({ text: 'a,b\r\n\r\nc\r\n', firstLine: 3, hasQuotes: false }, 'x.csv')).toEqual([
      { line: 3, cells: ['a', 'b'] },
      { line: 5, cells: ['c'] },
    ]);
  });
});
