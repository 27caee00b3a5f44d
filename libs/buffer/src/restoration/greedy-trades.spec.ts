import { greedyTrades } from './greedy-trades';

const search = (
  slackOf: (counts: readonly number[]) => number,
  moves = [
    { maximum: 100, cost: 2 },
    { maximum: 5, cost: 7 },
  ],
) => ({
  moves,
  slackOf,
  isCompliant: (counts: readonly number[]) => slackOf(counts) >= 0,
});

describe('greedyTrades', () => {
  it('takes what relieves most per cost and cuts it back to what is needed', () => {
    expect(greedyTrades(search(([many = 0, few = 0]) => many + 10 * few - 23))).toEqual([3, 2]);
    expect(greedyTrades(search(([many = 0]) => many - 37.5))).toEqual([38, 0]);
  });

  it('gives up where nothing relieves', () => {
    expect(greedyTrades(search(() => -1))).toBeNull();
  });

  it('does nothing where nothing is missing', () => {
    expect(greedyTrades(search(() => 0))).toEqual([0, 0]);
  });
});
