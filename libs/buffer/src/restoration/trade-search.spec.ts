import { contractsOf, costOf, stepsOf } from './trade-search';

describe('a set of trades', () => {
  it('counts whole contracts and closes a holding of 2.5 in three steps', () => {
    const move = { maximum: 2.5, cost: 4 };
    expect(stepsOf(move)).toBe(3);
    expect([1, 2, 3].map((count) => contractsOf(move, count))).toEqual([1, 2, 2.5]);
    expect(costOf([move, { maximum: 9, cost: 1 }], [3, 2])).toBe(12);
  });
});
