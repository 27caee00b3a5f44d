import fc from 'fast-check';
import { Decimal } from '../decimal';
import { allocateAssignment } from './assignment-allocation';

const shortsOf = (quantities: Record<string, number>) =>
  Object.entries(quantities).map(([key, quantity]) => ({ key, quantity: new Decimal(quantity) }));
const allocate = (assigned: number, quantities: Record<string, number>) =>
  allocateAssignment({ assigned: new Decimal(assigned), shorts: shortsOf(quantities) }).map(
    ({ key, quantity }) => `${key} ${quantity.toFixed()}`,
  );

describe('allocation of an assignment', () => {
  it('goes pro rata, the rest to the largest fractions, among equals to the first name', () => {
    expect(allocate(10, { A: 50, B: 30, C: 20 })).toEqual(['A 5', 'B 3', 'C 2']);
    expect(allocate(4, { A: 50, B: 30, C: 20 })).toEqual(['A 2', 'B 1', 'C 1']);
    expect(allocate(1, { B: 10, A: 10 })).toEqual(['A 1']);
  });

  it('refuses more than is short, and parts of contracts', () => {
    expect(() => allocate(11, { A: 10 })).toThrow(/more than the 10/);
    expect(() => allocate(1.5, { A: 10 })).toThrow(/whole contracts/);
    expect(() => allocate(0, { A: 10 })).toThrow(/whole contracts/);
    expect(() => allocate(1, { A: -10 })).toThrow(/A: expected/);
  });

  it('gives out all of it, nobody more than held or a contract off the exact share, in any order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.record({ key: fc.string({ minLength: 1 }), quantity: fc.integer({ min: 1, max: 900 }) }), {
          minLength: 1,
          maxLength: 12,
          selector: ({ key }) => key,
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, part) => {
          const total = list.reduce((sum, { quantity }) => sum + quantity, 0);
          const assigned = new Decimal(Math.max(1, Math.floor(total * part)));
          const shorts = list.map(({ key, quantity }) => ({ key, quantity: new Decimal(quantity) }));
          const shares = allocateAssignment({ assigned, shorts });
          expect(allocateAssignment({ assigned, shorts: [...shorts].reverse() })).toEqual(shares);
          expect(shares.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0)).equals(assigned)).toBe(true);
          for (const { key, quantity } of shares) {
            const held = shorts.find((short) => short.key === key)?.quantity ?? new Decimal(0);
            expect(quantity.lessThanOrEqualTo(held)).toBe(true);
            expect(quantity.minus(assigned.times(held).div(total)).abs().lessThan(1)).toBe(true);
          }
        },
      ),
    );
  });
});
