import * as fc from 'fast-check';
import { FileRefusal } from './file-refusal';
import { parseJsonDocument, plainValueOf } from './json-document';

describe('JSON documents', () => {
  it('agrees with JSON.parse on every value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.integer({ min: 0, max: 3 }), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        fc.pre(!text.includes('"__proto__"'));
        expect(plainValueOf(parseJsonDocument(text, 'f.json'))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('keeps the text of numbers and the line of values', () => {
    const node = parseJsonDocument('[\n  { "a": 0.10 },\n  9007199254740993\n]', 'f.json');
    if (node.type !== 'array') throw new Error('not an array');
    expect(node.items[1]).toEqual({ type: 'number', line: 3, text: '9007199254740993' });
    expect(node.items[0]?.line).toBe(2);
  });

  it.each([
    ['', 'f.json:1: column character 1: the JSON text ends too early'],
    ['{"a": 1', 'f.json:1: column character 8: the JSON text ends too early'],
    ['[1,\n 2,]', 'f.json:2: column character 4: a comma before "]"'],
    ['{"a":1,\n"a":2}', 'f.json:2: column character 4: the member "a" appears twice'],
    ['{"__proto__":{}}', 'the member name "__proto__" is not allowed'],
    ['[1] x', 'text after the end'],
    ['[01]', 'not JSON'],
    ['[NaN]', 'not JSON'],
    ["['a']", 'not JSON'],
    ['["a\nb"]', 'a string that is not closed'],
    ['{a:1}', 'expected a member name in quotes'],
    ['['.repeat(70), 'nested deeper than 64 levels'],
  ])('refuses %.20j', (text, message) => {
    expect(() => parseJsonDocument(text, 'f.json')).toThrow(FileRefusal);
    expect(() => parseJsonDocument(text, 'f.json')).toThrow(message);
  });
});
