import { cornishFisherTail } from './cornish-fisher';

describe('cornishFisherTail', () => {
  it('without skewness and kurtosis is normal: 2.3263 and 2.6652 deviations at 99 %', () => {
    const found = cornishFisherTail({ mean: 5, deviation: 10, skewness: 0, excessKurtosis: 0 }, 0.99);
    expect(found.valueAtRisk).toBeCloseTo(5 + 10 * 2.3263478740408408, 10);
    expect(found.expectedShortfall).toBeCloseTo(5 + 10 * 2.665214220345808, 8);
    expect(found.monotone).toBe(true);
  });

  it('expands by hand at 99 %: s = 1, k = 2', () => {
    const z = 2.3263478740408408;
    const quantile = z + (z * z - 1) / 6 + (2 * (z ** 3 - 3 * z)) / 24 - (2 * z ** 3 - 5 * z) / 36;
    const found = cornishFisherTail({ mean: 0, deviation: 1, skewness: 1, excessKurtosis: 2 }, 0.99);
    expect(found.valueAtRisk).toBeCloseTo(quantile, 12);
  });

  it('integrates the expanded quantile over the tail', () => {
    const moments = { mean: 0, deviation: 1, skewness: 0.6, excessKurtosis: 1 };
    const steps = 20_000;
    let sum = 0;
    for (let step = 0; step < steps; step += 1)
      sum += cornishFisherTail(moments, 0.95 + (0.05 * (step + 0.5)) / steps).valueAtRisk / steps;
    expect(cornishFisherTail(moments, 0.95).expectedShortfall).toBeCloseTo(sum, 3);
  });

  it('says where the expansion is no distribution', () => {
    expect(cornishFisherTail({ mean: 0, deviation: 1, skewness: 3, excessKurtosis: 0 }, 0.99).monotone).toBe(false);
  });
});
