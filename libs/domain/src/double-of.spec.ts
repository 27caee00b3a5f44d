import fc from 'fast-check';
import { doubleOf } from './double-of';
import { Decimal } from './decimal';

describe('doubleOf', () => {
  const texts = fc
    .tuple(fc.boolean(), fc.bigInt({ min: 0n, max: 10n ** 19n }), fc.integer({ min: -30, max: 12 }))
    .map(([isNegative, digits, exponent]) => `${isNegative ? '-' : ''}${digits}e${exponent}`);

  it('gives the bits of toNumber', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const value = new Decimal(text);
        expect(Object.is(doubleOf(value), value.toNumber())).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['0', '-0', '101.25', '0.1', '1e-7', '-37.63', '99999999999999', '0.00000000000001', 'NaN', '-Infinity'])(
    'gives the bits of toNumber for %s',
    (text) => {
      expect(doubleOf(new Decimal(text))).toBe(Number(text));
    },
  );
});
