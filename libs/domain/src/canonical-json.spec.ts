import { canonicalJson } from './canonical-json';
import { Decimal } from './decimal';

describe('canonicalJson', () => {
  it('does not depend on the order in which keys were set', () => {
    expect(canonicalJson({ b: 1, a: [true, null, 'x'] })).toBe('{"a":[true,null,"x"],"b":1}');
    expect(canonicalJson({ a: [true, null, 'x'], b: 1 })).toBe('{"a":[true,null,"x"],"b":1}');
  });
  it('writes decimals as plain digits, maps as objects, and leaves undefined out', () => {
    expect(canonicalJson({ amount: new Decimal('1e-9'), map: new Map([['k', 1]]), gone: undefined })).toBe(
      '{"amount":"0.000000001","map":{"k":1}}',
    );
  });
  it.each([NaN, Infinity])('refuses %d', (value) =>
    expect(() => canonicalJson({ value })).toThrow('no canonical form'),
  );
  it('refuses functions', () => expect(() => canonicalJson({ f: () => 1 })).toThrow('no canonical form'));
});
