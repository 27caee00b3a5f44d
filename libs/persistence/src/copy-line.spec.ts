import { copyLine } from './copy-line';

it('writes nulls, numbers and text', () => {
  expect(copyLine([7, 'A1', null])).toBe('7\tA1\t\\N\n');
});

it('keeps an empty first cell', () => {
  expect(copyLine(['', 'b'])).toBe('\tb\n');
});

it('escapes what COPY reads as something else', () => {
  expect(copyLine(['a\tb', 'c\\N', 'd\ne\r'])).toBe('a\\tb\tc\\\\N\td\\ne\\r\n');
});
