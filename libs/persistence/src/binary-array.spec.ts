import fc from 'fast-check';
import { toBinaryArray } from './binary-array';

describe('toBinaryArray', () => {
  it('writes the header, the lengths and the bytes as array_recv reads them', () => {
    expect(toBinaryArray('text', ['a', null, 'ü', 0.1]).toString('hex')).toBe(
      ['00000001', '00000001', '00000019', '00000004', '00000001']
        .concat(['00000001', '61', 'ffffffff', '00000002', 'c3bc', '00000003', '302e31'])
        .join(''),
    );
  });

  it('writes bytes as they are', () => {
    expect(toBinaryArray('bytea', [Uint8Array.of(0, 255)]).toString('hex')).toBe(
      '0000000100000000000000110000000100000001' + '0000000200ff',
    );
  });

  it('writes hexadecimal digits and identifiers as bytes', () => {
    const id = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';
    const sixteen = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
    expect(toBinaryArray('uuid', [id, null]).toString('hex')).toBe(
      `${'00000001'}${'00000001'}${'00000b86'}${'00000002'}${'00000001'}${'00000010'}${sixteen}${'ffffffff'}`,
    );
    expect(toBinaryArray('uuid', [id.toUpperCase()])).toEqual(toBinaryArray('uuid', [id]));
    expect(toBinaryArray('hexadecimal', ['00ff']).subarray(8).toString('hex')).toBe(
      `${'00000011'}${'00000001'}${'00000001'}${'00000002'}00ff`,
    );
    expect(() => toBinaryArray('hexadecimal', ['0g'])).toThrow(RangeError);
    expect(() => toBinaryArray('hexadecimal', ['0'])).toThrow(RangeError);
  });

  it('writes any text, short or long, as UTF-8', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string({ unit: 'binary', maxLength: 200 }))), (texts) => {
        const array = toBinaryArray('text', texts);
        let at = texts.length === 0 ? 12 : 20;
        for (const text of texts) {
          const size = array.readInt32BE(at);
          at += 4;
          if (text === null) expect(size).toBe(-1);
          else expect(array.subarray(at, at + size).equals(Buffer.from(text, 'utf8'))).toBe(true);
          at += Math.max(0, size);
        }
        expect(at).toBe(array.length);
      }),
    );
  });

  it('writes no dimension for an empty list', () => {
    expect(toBinaryArray('text', []).toString('hex')).toBe('000000000000000000000019');
  });
});
