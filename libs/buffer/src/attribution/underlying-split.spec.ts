import fc from 'fast-check';
import { splitAmongUnderlyings } from './underlying-split';

describe('splitAmongUnderlyings', () => {
  it('takes the mean of first and last and shares what is missing by size', () => {
    // means 5 and 3, 2 missing: 5 + 2 · 5/8 and 3 + 2 · 3/8
    expect(splitAmongUnderlyings(10, [{ first: 4, last: 6 }, { first: 2, last: 4 }])).toEqual([6.25, 3.75]); // prettier-ignore
  });

  it('gives an effect without any part to the last, and a part without effect nothing', () => {
    expect(splitAmongUnderlyings(7, [{ first: 0, last: 0 }, { first: 1, last: -1 }])).toEqual([0, 7]); // prettier-ignore
    expect(splitAmongUnderlyings(7, [{ first: 0, last: 0 }, { first: 2, last: 4 }])).toEqual([0, 7]); // prettier-ignore
  });

  it('adds up whatever the marginals are', () => {
    const number = fc.integer({ min: -10_000, max: 10_000 });
    const marginals = fc.array(fc.record({ first: number, last: number }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(number, marginals, (effect, parts) => {
        const split = splitAmongUnderlyings(effect, parts);
        expect(split.reduce((sum, part) => sum + part, 0)).toBeCloseTo(effect, 6);
      }),
      { seed: 4, numRuns: 100 },
    );
  });
});
