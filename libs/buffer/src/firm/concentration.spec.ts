import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { insertLargest, sumConcentration } from './concentration';

const over = (amounts: readonly number[], largest = 2) => {
  const sum = sumConcentration(largest);
  amounts.forEach((amount, index) => sum.add(`N${index}`, new Decimal(amount)));
  return sum.conclude();
};

describe('sumConcentration', () => {
  it.each([
    ['four alike', [5, 5, 5, 5], 0.25, 4],
    ['one alone', [7], 1, 1],
    ['shares of 60, 30 and 10 %: .36 + .09 + .01', [60, 30, 10], 0.46, 1 / 0.46],
    ['an empty name among others', [50, 0, 50], 0.5, 2],
  ])('of %s', (_, amounts, herfindahl, effectiveNames) => {
    const found = over(amounts);
    expect(found.herfindahl).toBeCloseTo(herfindahl, 14);
    expect(found.effectiveNames).toBeCloseTo(effectiveNames, 12);
  });

  it('has no index where there is nothing to share', () =>
    expect(over([0])).toMatchObject({ herfindahl: null, effectiveNames: null, names: 0, largest: [] }));

  it('keeps the largest, equal ones by name', () =>
    expect(over([3, 9, 3, 1]).largest).toEqual([
      { name: 'N1', amount: new Decimal(9), share: 9 / 16 },
      { name: 'N0', amount: new Decimal(3), share: 3 / 16 },
    ]));

  it('lies between 1/n and 1, and reaches 1/n only when all are alike', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 30 }), (amounts) => {
        const { herfindahl } = over(amounts);
        expect(herfindahl).toBeGreaterThanOrEqual(1 / amounts.length - 1e-15);
        expect(herfindahl).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('insertLargest', () => {
  it('keeps nothing where nothing is asked for', () => {
    const rows: { key: string; amount: Decimal }[] = [];
    insertLargest(rows, { key: 'a', amount: new Decimal(1) }, 0);
    expect(rows).toEqual([]);
  });
});
