import fc from 'fast-check';
import { centsOf, centsOfDigits, centsOfModelValue, digitsOfUnits } from './cents';
import { Decimal } from './decimal';

const modes = { up: Decimal.ROUND_CEIL, down: Decimal.ROUND_FLOOR, nearest: Decimal.ROUND_HALF_EVEN } as const;
const near = fc
  .tuple(fc.integer({ min: -1.9e9, max: 1.9e9 }), fc.integer({ min: -4, max: 9 }), fc.integer({ min: -99, max: 99 }))
  .map(([halfCents, exponent, steps]) => halfCents / 200 + steps * 10 ** -(exponent + 4));

describe('centsOfModelValue', () => {
  it('rounds the snapped decimal where it says anything', () => {
    let told = 0;
    fc.assert(
      fc.property(near, fc.constantFrom('up', 'down', 'nearest'), (value, rounding) => {
        const cents = centsOfModelValue(value, rounding);
        if (cents === null) return;
        told += 1;
        const exact = new Decimal(value).toDecimalPlaces(8, Decimal.ROUND_HALF_EVEN).times(100);
        expect(cents).toBe(exact.toDecimalPlaces(0, modes[rounding]).toNumber() + 0);
      }),
      { numRuns: 3_000 },
    );
    expect(told).toBeGreaterThan(300);
  });

  it('tells every amount of whole cents, however it was added up', () => {
    for (const value of [0.1 + 0.2, 100.00000000000001, -0.29 * 100, 1_234_567.89, -0])
      expect(centsOfModelValue(value, 'up')).toBe(Math.round(value * 100) + 0);
  });

  it('leaves to a Decimal what lies near a cent, is large or is no number', () => {
    for (const value of [1.0000005, 2e7, Number.NaN, Infinity]) expect(centsOfModelValue(value, 'up')).toBeNull();
    expect(centsOfModelValue(1.005, 'nearest')).toBeNull();
    expect(centsOfModelValue(1.005, 'down')).toBe(100);
  });
});

it('centsOf takes whole cents alone', () => {
  expect([centsOf(new Decimal('-12.30')), centsOf(new Decimal('0.001')), centsOf(new Decimal('1e20'))]).toEqual([
    -1230,
    null,
    null,
  ]);
});

it('centsOfDigits reads what digitsOfUnits wrote', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 46) + 1, max: 2 ** 46 - 1 }), (cents) => {
      expect(centsOfDigits(digitsOfUnits(cents, 2))).toBe(cents);
    }),
  );
  expect([centsOfDigits('1.234'), centsOfDigits('x'), centsOfDigits('99999999999999')]).toEqual([null, null, null]);
});

it('digitsOfUnits writes what a Decimal writes', () => {
  const units = fc.oneof(fc.integer({ min: -99_999, max: 99_999 }), fc.maxSafeInteger());
  fc.assert(
    fc.property(units, fc.constantFrom(2, 4, 6), (count, decimals) => {
      expect(digitsOfUnits(count, decimals)).toBe(new Decimal(count).div(10 ** decimals).toFixed());
    }),
  );
  expect(digitsOfUnits(-0, 2)).toBe('0');
});
