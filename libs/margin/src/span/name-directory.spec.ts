import fc from 'fast-check';
import { createNameDirectory, numberOfName } from './name-directory';

/** What another thread has: other objects over the same memory. */
function seenElsewhere<Directory extends object>(directory: Directory): Directory {
  const columns = Object.entries(directory).map(([name, column]: [string, Int32Array | Uint16Array]) => {
    const { buffer } = column;
    return [name, column instanceof Int32Array ? new Int32Array(buffer) : new Uint16Array(buffer)];
  });
  return Object.fromEntries(columns) as Directory;
}

describe('numberOfName', () => {
  it('gives each name one number, whoever asks and however often', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 20 });
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 40 }), (names) => {
        const directory = createNameDirectory(names.length);
        const other = seenElsewhere(directory);
        const numbers = names.map((one, index) => numberOfName(index % 2 === 0 ? directory : other, one));
        const expected = [...new Set(names)];
        expect(numbers).toEqual(names.map((one) => expected.indexOf(one)));
        expect(names.map((one) => numberOfName(other, one))).toEqual(numbers);
      }),
    );
  });

  it('says −1 when it is full, and still knows those it has', () => {
    const directory = createNameDirectory(2);
    expect(['A', 'B', 'C', 'A', 'C'].map((name) => numberOfName(directory, name))).toEqual([0, 1, -1, 0, -1]);
    const long = createNameDirectory(1);
    expect(numberOfName(long, 'x'.repeat(41))).toBe(-1);
    expect(numberOfName(long, 'x'.repeat(40))).toBe(0);
  });

  it('takes the number of a thread that was quicker', () => {
    const directory = createNameDirectory(4);
    const exchange = Atomics.compareExchange as (...input: [Int32Array, number, number, number]) => number;
    const quicker = (...input: Parameters<typeof exchange>): number => {
      // Between the look and the entry another thread enters the same name.
      expect(numberOfName(seenElsewhere(directory), 'A')).toBe(1);
      return exchange(...input);
    };
    const race = jest.spyOn(Atomics, 'compareExchange').mockImplementationOnce(quicker as never);
    expect(numberOfName(directory, 'A')).toBe(1);
    race.mockRestore();
    expect(['A', 'B'].map((name) => numberOfName(directory, name))).toEqual([1, 2]);
  });
});
