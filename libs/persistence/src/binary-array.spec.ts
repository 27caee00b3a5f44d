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

  it('writes no dimension for an empty list', () => {
    expect(toBinaryArray('text', []).toString('hex')).toBe('000000000000000000000019');
  });
});
