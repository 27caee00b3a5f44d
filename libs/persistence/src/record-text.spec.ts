import fc from 'fast-check';
import { parseRecordTexts } from './record-text';

/** What Postgres does (record_out): quotes where the text is empty or holds a character of the form, doubles " and \. */
const write = (record: readonly (string | null)[]): string =>
  `(${record
    .map((value) => {
      if (value === null) return '';
      return value === '' || /["\\(),\s]/.test(value) ? `"${value.replace(/["\\]/g, '$&$&')}"` : value;
    })
    .join(',')})`;

describe('parseRecordTexts', () => {
  it('tells nothing from an empty text, and takes quotes, commas and line breaks inside a value', () => {
    expect(parseRecordTexts('(1,"two words",,"")\n("a ""b"" \\\\ (c),\nd",x)')).toEqual([
      ['1', 'two words', null, ''],
      ['a "b" \\ (c),\nd', 'x'],
    ]);
    expect(parseRecordTexts('')).toEqual([]);
  });

  it('gives back whatever was written', () => {
    const record = fc.array(fc.option(fc.string({ unit: fc.constantFrom(...'ab"\\(),\n ü') })), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(record), (records) => {
        expect(parseRecordTexts(records.map(write).join('\n'))).toEqual(records);
      }),
    );
  });

  it('refuses another form', () => {
    for (const text of ['x', '(a', '("a)', '(a"b)', '(a)x(b', '(a))']) expect(() => parseRecordTexts(text)).toThrow();
  });
});
