import { parseInstant } from '@ballast/domain';
import { adjustHistoryForSplits } from './split-adjusted-history';

const dates = ['2014-06-04', '2014-06-05', '2014-06-06', '2014-06-09', '2014-06-10'];
const history = (...prices: (number | null)[]) => ({
  symbols: ['AAPL', 'SPX'],
  days: dates.map((date, index) => ({ date, prices: [prices[index] ?? null, 1900 + index] })),
});
const split = (at: string, numerator = 7, denominator = 1) => {
  return { underlying: 'AAPL', numerator, denominator, effectiveAt: parseInstant(at, 'at') };
};
const adjusted = (prices: (number | null)[], ...splits: ReturnType<typeof split>[]) =>
  adjustHistoryForSplits({ history: history(...prices), splits, symbolOf: (id) => id }).days.map(({ prices: [price] }) => price); // prettier-ignore

// Apple 7:1 on 9 June 2014: closes as traded 644.82, 647.35, 645.57, then 93.70, 94.25.
const traded = [644.82, 647.35, 645.57, 93.7, 94.25];

describe('adjustHistoryForSplits', () => {
  it('divides prices as traded before a split by its ratio', () => {
    expect(adjusted(traded, split('2014-06-09T13:30:00Z'))).toEqual([644.82 / 7, 647.35 / 7, 645.57 / 7, 93.7, 94.25]);
  });

  it('finds a split that took effect after the close of the day before', () => {
    expect(adjusted(traded, split('2014-06-06T21:00:00Z'))[2]).toBe(645.57 / 7);
  });

  it('leaves prices that were delivered adjusted', () => {
    const delivered = [92.12, 92.48, 92.22, 93.7, 94.25];
    expect(adjusted(delivered, split('2014-06-09T13:30:00Z'))).toEqual(delivered);
  });

  it('raises prices before a reverse split, and takes two splits one after the other', () => {
    expect(adjusted([1, 1, 1, 10, 10], split('2014-06-09T13:30:00Z', 1, 10))).toEqual([10, 10, 10, 10, 10]);
    const both = [split('2014-06-09T13:30:00Z', 2, 1), split('2014-06-05T13:30:00Z', 3, 1)];
    expect(adjusted([60, 20, 20, 10, 10], ...both)).toEqual([10, 10, 10, 10, 10]);
  });

  it('passes over days without a price', () => {
    expect(adjusted([70, null, 70, null, 10], split('2014-06-09T13:30:00Z'))).toEqual([10, null, 10, null, 10]);
  });

  it.each([
    ['after the last price', [split('2014-07-01T13:30:00Z')]],
    ['before the first price', [split('2014-01-02T13:30:00Z')]],
    ['of another share', [{ ...split('2014-06-09T13:30:00Z'), underlying: 'MSFT' }]],
  ])('changes nothing for a split %s', (_, splits) => {
    const prices = history(...traded);
    expect(adjustHistoryForSplits({ history: prices, splits, symbolOf: (id) => id })).toBe(prices);
  });

  it('leaves other symbols alone', () => {
    const { days } = adjustHistoryForSplits({ history: history(...traded), splits: [split('2014-06-09T13:30:00Z')], symbolOf: (id) => id }); // prettier-ignore
    expect(days.map(({ prices }) => prices[1])).toEqual([1900, 1901, 1902, 1903, 1904]);
  });
});
