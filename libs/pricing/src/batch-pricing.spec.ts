import { plainPricingBatch } from './batch-pricing';
import { blackScholesPrice } from './black-scholes';

describe('plainPricingBatch', () => {
  it('is the scalar functions under the names every batch set has', () => {
    const column = (value: number) => Float64Array.of(value);
    const rows = {
      ...{ spot: column(100), strike: column(110), yearsToExpiry: column(0.5), rate: column(0.03) },
      ...{ dividendYield: column(0.01), volatility: column(0.25), right: column(1) },
    };
    const price = column(0);
    expect(plainPricingBatch.computeBlackScholesPrices(rows, price).badCount).toBe(0);
    const input = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.03, dividendYield: 0.01, volatility: 0.25 };
    expect(price[0]).toBe(blackScholesPrice({ ...input, right: 'call' }));
    expect(Object.keys(plainPricingBatch).sort()).toEqual([
      ...['computeBlack76Batch', 'computeBlackScholesBatch', 'computeBlackScholesPrices', 'valueScenarioGrid'],
    ]);
  });
});
