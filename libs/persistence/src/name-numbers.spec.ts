import fc from 'fast-check';
import { NameNumbers } from './name-numbers';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => !text.includes('\t'));
/** A lone half of a surrogate pair has no bytes of its own in UTF-8. */
const wellFormed = name.map((text) => Buffer.from(text, 'utf8').toString('utf8'));

describe('NameNumbers', () => {
  it('numbers names in the order in which they are added, and keeps their numbers', () => {
    fc.assert(
      fc.property(fc.array(wellFormed, { maxLength: 40 }), (names) => {
        const numbers = new NameNumbers();
        const expected = new Map<string, number>();
        for (const one of names) if (!expected.has(one)) expected.set(one, expected.size);
        expect(names.map((one) => numbers.add(one))).toEqual(names.map((one) => expected.get(one)));
        expect(numbers.length).toBe(expected.size);
        expect(names.map((one) => numbers.numberOf(one))).toEqual(names.map((one) => expected.get(one)));
      }),
    );
  });

  it('finds a list of names as it finds each', () => {
    fc.assert(
      fc.property(fc.array(wellFormed), fc.array(wellFormed, { minLength: 1 }), (known, asked) => {
        const numbers = new NameNumbers();
        for (const one of known) numbers.add(one);
        const list = asked.join('\t');
        const into = new Int32Array(2 + list.length + 1).fill(-7);
        const end = numbers.numberList(list, into, 2);
        expect([...into.subarray(2, end)]).toEqual(asked.map((one) => numbers.numberOf(one)));
        expect(into[1]).toBe(-7);
      }),
    );
  });

  it('keeps apart thousands of names that differ in one place', () => {
    const numbers = new NameNumbers();
    const names = Array.from({ length: 20_000 }, (_, index) => `U${index % 50} 20270115 C ${100 + index}`);
    expect(names.every((one, index) => numbers.add(one) === index)).toBe(true);
    const into = new Int32Array(names.length);
    expect(numbers.numberList(names.slice(0, 500).join('\t'), into, 0)).toBe(500);
    expect([into[0], into[1], into[499]]).toEqual([0, 1, 499]);
    expect(numbers.numberOf('U0 20270115 C 99')).toBe(-1);
    expect(numbers.numberOf('')).toBe(-1);
  });
});
