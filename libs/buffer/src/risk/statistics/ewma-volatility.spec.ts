import { ewmaVolatilities, filterReturns } from './ewma-volatility';

describe('ewmaVolatilities', () => {
  it('starts at the mean square and moves by (1 − λ): returns 0.01, 0.03 at λ = 0.9', () => {
    const [start, second, now] = ewmaVolatilities([0.01, 0.03], 0.9) as unknown as [number, number, number];
    expect(start ** 2).toBeCloseTo(5e-4, 15);
    expect(second ** 2).toBeCloseTo(0.9 * 5e-4 + 0.1 * 1e-4, 15);
    expect(now ** 2).toBeCloseTo(0.9 * 4.6e-4 + 0.1 * 9e-4, 15);
  });

  it('of returns of one size is that size', () => {
    for (const volatility of ewmaVolatilities([0.02, -0.02, 0.02], 0.97)) expect(volatility).toBeCloseTo(0.02, 15);
  });

  it('refuses a decay outside (0, 1) and no returns', () => {
    expect(() => ewmaVolatilities([0.01], 1)).toThrow('got 1');
    expect(() => ewmaVolatilities([], 0.97)).toThrow('none');
  });
});

describe('filterReturns', () => {
  it('leaves returns of constant size alone and scales a calm past up to a wild present', () => {
    expect([...filterReturns([0.02, -0.02, 0.02], 0.97)].map((value) => Number(value.toFixed(12)))).toEqual([
      0.02, -0.02, 0.02,
    ]);
    const filtered = filterReturns(
      [...Array.from({ length: 100 }, () => 0.01), ...Array.from({ length: 30 }, () => 0.05)],
      0.9,
    );
    expect(filtered[50]).toBeGreaterThan(0.045);
    expect(filtered[50]).toBeLessThanOrEqual(0.05);
  });

  it('keeps a day on which nothing had moved', () => {
    expect([...filterReturns([0, 0], 0.97)]).toEqual([0, 0]);
  });
});
