import { binomialCumulative, orderStatisticInterval } from './order-statistic-interval';

describe('binomialCumulative', () => {
  it('of 250 days at 1 %: 0.8922 up to 4 and 0.9588 up to 5 exceptions', () => {
    const cumulative = binomialCumulative(250, 0.01);
    expect(cumulative[4]).toBeCloseTo(0.8922, 4);
    expect(cumulative[5]).toBeCloseTo(0.9588, 4);
    expect(cumulative[250]).toBeCloseTo(1, 12);
  });

  it('of two coins is ¼, ¾, 1', () => {
    [0.25, 0.75, 1].forEach((value, index) => expect(binomialCumulative(2, 0.5)[index]).toBeCloseTo(value, 14));
  });
});

describe('orderStatisticInterval', () => {
  it('of a median of 10 at 95 % runs from the 2nd to the 9th value, coverage 0.9785', () => {
    const { lower, upper, coverage } = orderStatisticInterval({ count: 10, confidence: 0.5, coverage: 0.95 });
    expect([lower, upper]).toEqual([1, 8]);
    expect(coverage).toBeCloseTo(1002 / 1024, 10);
  });

  it('covers as asked where the sample allows it, and says what it covers where not', () => {
    const wide = orderStatisticInterval({ count: 2500, confidence: 0.99, coverage: 0.95 });
    expect(wide.coverage).toBeGreaterThanOrEqual(0.95);
    expect(orderStatisticInterval({ count: 100, confidence: 0.99, coverage: 0.95 }).coverage).toBeLessThan(0.95);
  });
});
