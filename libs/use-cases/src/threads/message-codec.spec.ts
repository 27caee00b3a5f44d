import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { fromMessage, toMessage } from './message-codec';

const across = (value: unknown): unknown => fromMessage(structuredClone(toMessage(value)));

describe('messages between threads', () => {
  it('carry domain values unchanged, however deep', () => {
    const value = {
      amount: new Decimal('-1234567890.123456789012345678'),
      byId: new Map([['a', [{ price: new Decimal('1e-18'), none: null, missing: undefined }]]]),
      names: new Set(['x']),
      losses: Float64Array.of(1.5, -0),
      infinite: Infinity,
    };
    expect(across(value)).toEqual(value);
    expect((across(value) as typeof value).amount).toBeInstanceOf(Decimal);
  });

  it('carry every Decimal digit for digit', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 35n), max: 10n ** 35n }),
        fc.integer({ min: 0, max: 30 }),
        (digits, scale) => {
          const decimal = new Decimal(digits.toString()).div(new Decimal(10).pow(scale));
          expect((across(decimal) as Decimal).equals(decimal)).toBe(true);
        },
      ),
    );
  });

  it('carry a member that is computed when it is read', () => {
    let reads = 0;
    const value = { get late() { reads += 1; return new Decimal(7); } }; // prettier-ignore
    expect(across(value)).toEqual({ late: new Decimal(7) });
    expect(reads).toBe(1);
  });

  it('refuse a function', () => expect(() => toMessage({ f: () => 1 })).toThrow(TypeError));
});
