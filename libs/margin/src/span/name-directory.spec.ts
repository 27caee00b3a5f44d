import fc from 'fast-check';
import { createNameDirectory, openNameDirectory } from './name-directory';

/** What another thread has: other objects over the same memory. */
function seenElsewhere<Directory extends object>(directory: Directory): Directory {
  const columns = Object.entries(directory).map(([name, column]: [string, Int32Array | Uint16Array]) => {
    const { buffer } = column;
    return [name, column instanceof Int32Array ? new Int32Array(buffer) : new Uint16Array(buffer)];
  });
  return Object.fromEntries(columns) as Directory;
}

describe('openNameDirectory', () => {
  it('gives each name one number, whoever asks and however often', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 40 }), (names) => {
        const directory = createNameDirectory(names.length);
        const [here, there] = [openNameDirectory(directory), openNameDirectory(seenElsewhere(directory))];
        const numbers = names.map((one, index) => (index % 2 === 0 ? here : there)(one));
        const expected = [...new Set(names)];
        expect(numbers).toEqual(names.map((one) => expected.indexOf(one)));
        expect(names.map(there)).toEqual(numbers);
      }),
    );
  });

  it('says −1 when it is full, and still knows those it has', () => {
    const numberOf = openNameDirectory(createNameDirectory(2));
    expect(['A', 'B', 'C', 'A', 'C'].map(numberOf)).toEqual([0, 1, -1, 0, -1]);
    const numberOfLong = openNameDirectory(createNameDirectory(1));
    expect(numberOfLong('x'.repeat(41))).toBe(-1);
    expect(numberOfLong('x'.repeat(40))).toBe(0);
  });

  it('takes the number of a thread that was quicker, and its own for the next name', () => {
    const directory = createNameDirectory(3);
    const [here, there] = [openNameDirectory(directory), openNameDirectory(seenElsewhere(directory))];
    const exchange = Atomics.compareExchange as (...input: [Int32Array, number, number, number]) => number;
    const quicker = (...input: Parameters<typeof exchange>): number => {
      // Between the look and the entry another thread enters the same name.
      race.mockRestore();
      expect(there('AB')).toBe(1);
      return exchange(...input);
    };
    const race = jest.spyOn(Atomics, 'compareExchange').mockImplementationOnce(quicker as never);
    expect(here('AB')).toBe(1);
    // Shorter and longer than what was written for the name that was lost.
    expect(['C', 'AB'].map(here)).toEqual([0, 1]);
    expect(['C', 'AB', 'DEF'].map(there)).toEqual([0, 1, 2]);
    expect(['DEF', 'C', 'AB', 'G'].map(here)).toEqual([2, 0, 1, -1]);
  });

  it('gives a name that is longer than the lost one room of its own', () => {
    const directory = createNameDirectory(2);
    const [here, there] = [openNameDirectory(directory), openNameDirectory(seenElsewhere(directory))];
    const exchange = Atomics.compareExchange as (...input: [Int32Array, number, number, number]) => number;
    const quicker = (...input: Parameters<typeof exchange>): number => {
      race.mockRestore();
      expect(there('A')).toBe(1);
      return exchange(...input);
    };
    const race = jest.spyOn(Atomics, 'compareExchange').mockImplementationOnce(quicker as never);
    expect(['A', 'BCD', 'A', 'BCD'].map(here)).toEqual([1, 0, 1, 0]);
    expect(['BCD', 'A', 'E'].map(there)).toEqual([0, 1, -1]);
  });
});
