import { override, readBoolean, readChoice, readList, readNumber, readObject, readText } from './parameter-reader';

describe('the readers of parameters', () => {
  it('name the path of an unknown key and the known ones', () => {
    expect(() => readObject({ rate: 1, rat: 2 }, 'parameters.GC', ['rate'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        field: 'parameters.GC.rat',
        message: expect.stringContaining('known keys are rate'),
      }),
    );
    expect(readObject({ any: 1 }, 'p')).toEqual({ any: 1 });
  });

  it.each([
    ['a list for an object', () => readObject([], 'p', [])],
    ['null for an object', () => readObject(null, 'p', [])],
    ['a text for a number', () => readNumber('1', 'p')],
    ['NaN', () => readNumber(NaN, 'p')],
    ['Infinity', () => readNumber(Infinity, 'p')],
    ['a number below its minimum', () => readNumber(-1, 'p', { minimum: 0 })],
    ['a number at its exclusive minimum', () => readNumber(0, 'p', { exclusiveMinimum: 0 })],
    ['a number above its maximum', () => readNumber(2, 'p', { maximum: 1 })],
    ['a fraction for a whole number', () => readNumber(1.5, 'p', { integer: true })],
    ['an unknown word', () => readChoice('x', 'p', ['a', 'b'])],
    ['a number for a flag', () => readBoolean(1, 'p')],
    ['an empty text', () => readText('', 'p')],
    ['an object for a list', () => readList({}, 'p', readText)],
    ['a list that is too short', () => readList([], 'p', readText, 1)],
    ['a bad item', () => readList(['a', 2], 'p', readText)],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });

  it('take bounds as included and give lists their items', () => {
    expect(readNumber(0, 'p', { minimum: 0, maximum: 0 })).toBe(0);
    expect(readList(['a', 'b'], 'p', readText)).toEqual(['a', 'b']);
  });

  it('override key by key', () => {
    const read = (value: unknown, path: string) => readNumber(value, path);
    expect(override({ a: 2 }, 'a', 'p', 1, read)).toBe(2);
    expect(override({}, 'a', 'p', 1, read)).toBe(1);
    expect(() => override({ a: null }, 'a', 'p', 1, read)).toThrow('p.a');
  });
});
