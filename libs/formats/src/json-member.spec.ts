import { parseJsonDocument } from './json-document';
import {
  booleanAt,
  choiceAt,
  currencyAt,
  decimalAt,
  fractionAt,
  identifierAt,
  instantAt,
  itemsOf,
  type JsonPlace,
  listAt,
  locateJson,
  memberAt,
  numberAt,
  objectAt,
  optionalAt,
  optionalMember,
  requiredMember,
  textAt,
} from './json-member';

const at = (text: string): JsonPlace => ({ file: 'f.json', path: 'a', node: parseJsonDocument(text, 'f.json') });

describe('members of a JSON document', () => {
  it('are refused with file, line and path', () => {
    expect(() => objectAt(at('{ "rate": 1,\n "raet": 2 }'), ['rate'])).toThrow(
      'f.json:2: column a.raet: unknown key; known keys are rate',
    );
    expect(() => requiredMember(objectAt(at('{}'), ['rate']), 'rate')).toThrow(
      'f.json:1: column a: the key "rate" is missing',
    );
    expect(() => numberAt(at('"5"'))).toThrow('f.json:1: column a: value "5": expected a number without quotes');
  });

  it.each([
    ['a number where a string belongs', () => decimalAt(at('97.73'))],
    ['an exponent in an amount', () => decimalAt(at('"1e5"'))],
    ['a plus sign', () => decimalAt(at('"+5"'))],
    ['NaN', () => decimalAt(at('"NaN"'))],
    ['an endless amount', () => decimalAt(at(`"${'9'.repeat(200_000)}"`))],
    ['a typographic minus', () => decimalAt(at('"−5"'))],
    ['a number that overflows', () => numberAt(at('1e400'))],
    ['more than a whole', () => fractionAt(at('1.01'))],
    ['a number below its minimum', () => numberAt(at('-1'), { minimum: 0 })],
    ['a number above its maximum', () => numberAt(at('2'), { maximum: 1 })],
    ['a day that does not exist', () => instantAt(at('"2026-02-30T00:00:00Z"'))],
    ['an instant without zone', () => instantAt(at('"2026-02-03T00:00:00"'))],
    ['a currency in small letters', () => currencyAt(at('"usd"'))],
    ['an unknown word', () => choiceAt(at('"x"'), ['call', 'put'])],
    ['an identifier with a hidden space', () => identifierAt(at('"GC "'))],
    ['a list for a text', () => textAt(at('[]'))],
    ['a text for a flag', () => booleanAt(at('"true"'))],
    ['an object for a list', () => listAt(at('{}'))],
    ['a list for an object', () => objectAt(at('[]'), [])],
  ])('refuse %s', (_, read) => {
    expect(read).toThrow(expect.objectContaining({ name: 'FileRefusal' }));
  });

  it('read what is right, null as absent', () => {
    expect(decimalAt(at('"-0"')).toFixed()).toBe('0');
    expect(decimalAt(at('"95776.67392708939"')).toFixed()).toBe('95776.67392708939');
    expect(numberAt(at('2.5e-3'))).toBe(0.0025);
    const object = objectAt(at('{ "a": null, "b": true }'), ['a', 'b']);
    expect(optionalMember(object, 'a')).toBeUndefined();
    expect(optionalAt(object, 'a', booleanAt)).toBeUndefined();
    expect(memberAt(object, 'a', booleanAt)).toEqual({});
    expect(memberAt(object, 'b', booleanAt)).toEqual({ b: true });
    expect(itemsOf(object, 'a')).toEqual([]);
    expect(itemsOf(objectAt(at('{ "c": [0.5] }'), ['c']), 'c').map(fractionAt)).toEqual([0.5]);
    expect(booleanAt(requiredMember(object, 'b'))).toBe(true);
  });

  it('are found by path, also keys with dots, as deep as the path goes', () => {
    const root = parseJsonDocument('{\n"p": { "GC.X": [1,\n { "rate": 2 }] } }', 'f');
    expect(locateJson(root, 'p.GC.X[1].rate').line).toBe(3);
    expect(locateJson(root, 'p.GC.X[1].missing').line).toBe(3);
    expect(locateJson(root, 'p.other').line).toBe(2);
    expect(locateJson(root, 'nothing')).toBe(root);
  });
});
