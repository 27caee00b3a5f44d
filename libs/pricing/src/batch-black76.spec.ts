import { computeBlack76Batch } from './batch-black76';
import { black76 } from './black76';

const rows = {
  forward: Float64Array.of(100, 100, 100),
  strike: Float64Array.of(110, 90, 90),
  yearsToExpiry: Float64Array.of(0.5, 0, NaN),
  rate: Float64Array.of(0.03, 0.03, 0.03),
  volatility: Float64Array.of(0.25, 0.25, 0.25),
  right: Float64Array.of(1, -1, 1),
};

describe('computeBlack76Batch', () => {
  it('equals the scalar function bit by bit and reports the bad row', () => {
    const column = () => new Float64Array(3);
    const results = {
      ...{ price: column(), delta: column(), gamma: column(), vega: column(), theta: column(), rho: column() },
    };
    expect(computeBlack76Batch(rows, results)).toEqual({ badCount: 1, badRows: [2] });
    const input = {
      forward: 100,
      strike: 110,
      yearsToExpiry: 0.5,
      rate: 0.03,
      volatility: 0.25,
      right: 'call',
    } as const;
    const expected = black76(input);
    expect(results.price[0]).toBe(expected.price);
    expect(results.theta[0]).toBe(expected.theta);
    expect(results.rho[0]).toBe(expected.rho);
    expect(results.price[1]).toBe(0);
    expect(results.delta[2]).toBeNaN();
  });

  it('refuses columns of different lengths', () => {
    const price = new Float64Array(2);
    const results = { price, delta: price, gamma: price, vega: price, theta: price, rho: price };
    expect(() => computeBlack76Batch(rows, results)).toThrow('price.length must be 3');
  });
});
