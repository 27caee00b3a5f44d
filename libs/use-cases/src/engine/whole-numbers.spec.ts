import fc from 'fast-check';
import { isAscendingList, readWholeNumbers } from './whole-numbers';

const read = (list: string): number[] | null => {
  const into = new Float64Array(list.length + 1);
  const count = readWholeNumbers(list, into);
  return count < 0 ? null : [...into.subarray(0, count)];
};

describe('readWholeNumbers', () => {
  const whole = fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }).filter((value) => value !== 0);

  it('reads what Number reads', () => {
    fc.assert(
      fc.property(fc.array(whole, { minLength: 1 }), (numbers) => {
        expect(read(numbers.join('\t'))).toEqual(numbers);
      }),
    );
  });

  it.each([
    '0',
    '1\t0',
    '-0',
    '1.5',
    '5.00',
    '',
    '1\t',
    '\t1',
    '-',
    '--1',
    '1e3',
    '1234567890123456',
    ' 1',
    'NaN',
    '1\tx',
  ])('leaves %j to others', (list) => {
    expect(read(list)).toBeNull();
  });
});

describe('isAscendingList', () => {
  it('tells what comparing the names tells', () => {
    const name = fc.string({ unit: fc.constantFrom('A', 'B', 'b', ' ', '\u{1F4B6}', '￾'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        const isAscending = names.every((one, index) => index === 0 || (names[index - 1] as string) < one);
        expect(isAscendingList(names.join('\t'))).toBe(isAscending);
      }),
    );
  });
});
